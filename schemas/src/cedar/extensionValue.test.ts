import { describe, expect, it } from '@jest/globals';
import { toExtensionValue } from './extensionValue.ts';
import type { CedarExtensionName } from './type.ts';
import { Unrepresentable } from './value.ts';

describe('toExtensionValue', () => {
  it.each<[CedarExtensionName, string | number | bigint, string]>([
    ['decimal', 1, '1.0'],
    ['decimal', -0.5, '-0.5'],
    ['decimal', -0, '0.0'],
    ['decimal', 0.0001, '0.0001'],
    ['decimal', 1234.5678, '1234.5678'],
    ['decimal', 922337203685477n, '922337203685477.0'],
    ['datetime', '2024-02-29', '2024-02-29'],
    ['datetime', '2024-01-01T10:20:30Z', '2024-01-01T10:20:30.000Z'],
    ['datetime', '2024-01-01t10:20:30.5z', '2024-01-01T10:20:30.500Z'],
    ['datetime', '2024-01-01T10:20:30.123000+05:30', '2024-01-01T10:20:30.123+0530'],
    ['datetime', '2024-01-01T10:20:30-00:00', '2024-01-01T10:20:30.000-0000'],
    ['duration', 'P1DT2H3M4.5S', '93784500ms'],
    ['duration', 'P2W', '1209600000ms'],
    ['duration', 'PT0S', '0ms'],
    ['duration', 'PT9223372036854775.807S', '9223372036854775807ms'],
    ['ipaddr', '192.168.0.1', '192.168.0.1'],
    ['ipaddr', '::', '::'],
    ['ipaddr', 'fe80::1', 'fe80::1'],
    ['ipaddr', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['ipaddr', '1:2:3:4:5:6:7::', '1:2:3:4:5:6:7::'],
  ])('makes the %s %s of %j', (name, value, arg) => {
    expect(toExtensionValue(name, value)).toEqual({ __extn: { fn: name === 'ipaddr' ? 'ip' : name, arg } });
  });

  it.each<[CedarExtensionName, string | number | bigint, RegExp]>([
    ['decimal', 0.00001, /at most 4 fraction digits/],
    ['decimal', 1e-7, /range/],
    ['decimal', 1e21, /range/],
    ['decimal', 922337203685478, /range/],
    ['decimal', 2n ** 62n, /range/],
    ['decimal', '1.0', /not a number/],
    ['datetime', 5, /not a text/],
    ['datetime', '2023-02-29', /RFC 3339/],
    ['datetime', '2024-13-01', /RFC 3339/],
    ['datetime', '2024-00-10', /RFC 3339/],
    ['datetime', '2024-01-01T10:20:30', /offset/],
    ['datetime', '2024-01-01T23:59:60Z', /leap second/],
    ['datetime', '2024-01-01T24:00:00Z', /RFC 3339/],
    ['datetime', '2024-01-01 10:20:30Z', /RFC 3339/],
    ['datetime', '2024-01-01T10:20:30+24:00', /RFC 3339/],
    ['datetime', '2024-01-01T10:20:30.1234Z', /whole milliseconds/],
    ['datetime', '2024-01-01T10:20:30ZT', /RFC 3339/],
    ['datetime', '12024-01-01', /RFC 3339/],
    ['duration', 'P1Y', /ISO 8601/],
    ['duration', 'P1M', /ISO 8601/],
    ['duration', 'P', /ISO 8601/],
    ['duration', 'PT', /ISO 8601/],
    ['duration', 'P1DT', /ISO 8601/],
    ['duration', '-P1D', /ISO 8601/],
    ['duration', 'PT1.5H', /ISO 8601/],
    ['duration', 'PT0.0001S', /whole milliseconds/],
    ['duration', 'PT9223372036854775.808S', /range/],
    ['ipaddr', '192.168.0.01', /IP address/],
    ['ipaddr', '192.168.0.256', /IP address/],
    ['ipaddr', '10.0.0.0/8', /IP address/],
    ['ipaddr', '1:2:3:4:5:6:7:8::', /IP address/],
    ['ipaddr', '1::2::3', /IP address/],
    ['ipaddr', 'fe80::1%eth0', /IP address/],
    ['ipaddr', '::1.2.3.4', /IP address/],
    ['ipaddr', '', /IP address/],
    ['ipaddr', '::ffff:7f00:1', /guise/],
    ['ipaddr', '0:0:0:0:0:FFFF:7f00:1', /guise/],
    ['ipaddr', '1'.repeat(65), /at most 64/],
  ])('has no %s for %j', (name, value, reason) => {
    const result = toExtensionValue(name, value);
    expect(result).toBeInstanceOf(Unrepresentable);
    expect((result as Unrepresentable).reason).toMatch(reason);
  });
});
