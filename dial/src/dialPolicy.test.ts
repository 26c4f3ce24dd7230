import { describe, expect, it } from '@jest/globals';
import { AddressRanges } from './addressRanges.ts';
import { judgeAddress, placeOf } from './dialPolicy.ts';

interface Case {
  readonly url: string;
  readonly address: string;
  readonly allow?: string[];
  readonly isWritten?: boolean;
  readonly may: boolean;
}

describe('judgeAddress', () => {
  it.each<Case>([
    { url: 'https://a.example', address: '93.184.215.14', may: true },
    { url: 'https://a.example', address: '::ffff:93.184.215.14', may: true },
    { url: 'https://a.example', address: '2606:4700::1111', may: true },
    { url: 'https://a.example', address: '10.0.0.1', may: false },
    { url: 'https://a.example', address: 'fe80::1%eth0', may: false },
    { url: 'https://a.example', address: 'no address', may: false },
    { url: 'https://a.example', address: '', may: false },
    { url: 'https://a.example', address: '10.0.0.1', allow: ['10.0.0.0/8'], may: true },
    { url: 'https://a.example', address: '::ffff:10.0.0.1', allow: ['10.0.0.0/8'], may: true },
    { url: 'https://a.example', address: '64:ff9b::a00:1', allow: ['10.0.0.0/8'], may: false },
    { url: 'https://a.example', address: '64:ff9b::a00:1', allow: ['64:ff9b::/96'], may: true },
    // As it was written.
    { url: 'http://10.0.0.1', address: '10.0.0.1', may: true },
    { url: 'http://10.0.0.1', address: '::ffff:10.0.0.1', may: true },
    { url: 'http://10.0.0.1', address: '10.0.0.2', may: false },
    { url: 'http://10.0.0.1', address: '10.0.0.1', isWritten: false, may: false },
    { url: 'http://[::1]', address: '::1', may: true },
    { url: 'http://[::ffff:127.0.0.1]', address: '127.0.0.1', may: true },
    { url: 'http://[fd00::1]', address: 'fd00::2', may: false },
    { url: 'http://localhost', address: '127.0.0.1', may: true },
    { url: 'http://LOCALHOST', address: '::1', may: true },
    { url: 'http://localhost', address: '10.0.0.1', may: false },
    { url: 'http://localhost', address: '127.0.0.1', isWritten: false, may: false },
    { url: 'http://a.localhost', address: '127.0.0.1', may: false },
    { url: 'http://localhost.example', address: '127.0.0.1', may: false },
    { url: 'http://10.0.0.1.example', address: '10.0.0.1', may: false },
    // Credentials of a machine: by themselves, or not at all.
    { url: 'http://169.254.169.254', address: '169.254.169.254', may: true },
    { url: 'https://a.example', address: '169.254.169.254', may: false },
    { url: 'https://a.example', address: '169.254.169.254', allow: ['169.254.0.0/16'], may: false },
    { url: 'https://a.example', address: '169.254.169.254', allow: ['0.0.0.0/0'], may: false },
    { url: 'https://a.example', address: '169.254.169.254', allow: ['169.254.169.254'], may: true },
    { url: 'https://a.example', address: '::ffff:a9fe:a9fe', allow: ['::/0'], may: false },
    { url: 'https://a.example', address: '64:ff9b::a9fe:a9fe', allow: ['::/0'], may: false },
    { url: 'https://a.example', address: 'fd00:ec2::254', allow: ['fc00::/7'], may: false },
    { url: 'https://a.example', address: 'fd00:ec2::254', allow: ['fd00:ec2::254/128'], may: true },
  ])('$url at $address, with $allow: $may', ({ url, address, allow = [], isWritten = true, may }) => {
    const policy = { allow: new AddressRanges(allow) };
    const refusal = judgeAddress(policy, { ...placeOf(new URL(url)), isWritten }, address);
    expect(refusal === undefined).toBe(may);
  });
});
