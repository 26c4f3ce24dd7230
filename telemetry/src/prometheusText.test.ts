import { describe, expect, it } from '@jest/globals';
import { createMetricsSource } from './metricsSource.ts';
import { addSnapshots, keepCounters, writePrometheusText } from './prometheusText.ts';

async function snapshotOf(
  count: number,
  seconds: number,
): ReturnType<ReturnType<typeof createMetricsSource>['collect']> {
  const { meter, collect } = createMetricsSource('cardea-test');
  const counter = meter.createCounter('decisions');
  counter.add(count, { verdict: 'allow', code: 'allowed' });
  counter.add(1, { code: 'forbidden', verdict: 'deny' });
  meter.createHistogram('duration', { advice: { explicitBucketBoundaries: [1, 2] } }).record(seconds);
  meter.createUpDownCounter('inflight').add(count);
  return collect();
}

describe('writePrometheusText', () => {
  it('adds up what the threads have counted', async () => {
    const text = writePrometheusText('cardea-test', [await snapshotOf(2, 0.5), await snapshotOf(3, 1.5)]);
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines).toEqual([
      'decisions_total{verdict="allow",code="allowed"} 5',
      'decisions_total{code="forbidden",verdict="deny"} 2',
      'duration_count 2',
      'duration_sum 2',
      'duration_bucket{le="1"} 1',
      'duration_bucket{le="2"} 2',
      'duration_bucket{le="+Inf"} 2',
      'inflight 5',
    ]);
  });

  it('keeps what a thread that is gone had counted, but not what it had under way', async () => {
    const gone = addSnapshots([
      keepCounters(await snapshotOf(2, 0.5)),
      keepCounters(await snapshotOf(1, 0.5)),
    ]);
    const text = writePrometheusText('cardea-test', [await snapshotOf(3, 1.5), gone]);
    expect(text).toContain('decisions_total{verdict="allow",code="allowed"} 6\n');
    expect(text).toContain('inflight 3\n');
  });

  it('writes nothing of what nobody counted', () => {
    expect(writePrometheusText('cardea-test', [[], []])).not.toMatch(/^\w+ \d/m);
  });
});
