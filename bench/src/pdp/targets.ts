// What the decision service has to reach, under the names that the figures have in the output.
import type { Figures, NamesOf, Target } from '../targets/target.ts';

export const targets = [
  {
    name: 'hot_10k_over_10',
    bound: 'at most',
    limit: 1.5,
    means: 'a decision among 10,000 policies over one among 10',
  },
  {
    name: 'http16_over_express_constant',
    bound: 'at least',
    limit: 1,
    means: 'decisions a second over HTTP, 16 connections, over the constants that Express answers',
  },
  {
    name: 'workers_scaling',
    bound: 'at least',
    limit: 0.9,
    means: 'two deciding threads over one, divided by two spinning threads over one',
  },
  { name: 'p99_over_p50', bound: 'at most', limit: 5, means: 'one thread, no HTTP, median of the rounds' },
  {
    name: 'unread_100kb_over_0',
    bound: 'at most',
    limit: 1.5,
    means: 'a decision with 100 KB of arguments that no policy reads over one without',
  },
  {
    name: 'rss_mb_10k',
    bound: 'at most',
    limit: 200,
    means: 'MB resident in a service with 10,020 policies after decisions on a spread of tuples',
  },
  {
    name: 'live_million_decisions',
    bound: 'at most',
    limit: 1.1,
    means: 'what the collector leaves after all decisions of a long run over that after the first tenth',
    isLong: true,
  },
  {
    name: 'rss_500_reloads',
    bound: 'at most',
    limit: 1.2,
    means: 'memory resident after all reloads of a long run over that after the first fifth',
    isLong: true,
  },
] as const satisfies readonly Target[];

export type Ratios = Figures<NamesOf<typeof targets>>;
