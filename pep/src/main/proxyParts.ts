// The parts of one proxy, each made once and given to whoever works with it.
import { followAuthority, type FollowedAuthority } from '../authority/followAuthority.ts';
import { SecretKeeper } from '../config/secretKeeper.ts';
import { Problems, type OnProblem } from '../health/problems.ts';
import { GrantFile } from '../identify/grantFile.ts';
import { openIdentities, type OpenedIdentities } from '../identify/openIdentities.ts';
import { createHandler, type Handler } from '../serve/handler.ts';
import type { Log } from '../telemetry/log.ts';
import { prepareShared, type SharedParts } from './composeShared.ts';
import { composeDialling } from './composeDialling.ts';
import { composeTelemetry, type Telemetry } from './composeTelemetry.ts';
import { composeUsage, type UsageParts } from './composeUsage.ts';
import { openSealing } from './openSealing.ts';
import type { ProxyOptions } from './options.ts';

export interface ProxyParts {
  readonly problems: Problems;
  readonly secrets: SecretKeeper;
  readonly grants: GrantFile;
  readonly callers: OpenedIdentities;
  readonly authority: FollowedAuthority;
  readonly telemetry: Telemetry;
  readonly handler: Handler;
  readonly shared: SharedParts;
  readonly usage: UsageParts;
}

/** Throws JsonRefusal for a grants file that is not right, and SecretFault for a secret that cannot be read. */
export async function makeParts(options: ProxyOptions, log: Log): Promise<ProxyParts> {
  const { config, environment, source, trust } = options;
  const problems = new Problems(logProblem(log));
  const { report } = problems;
  const now = Date.now;
  const { policy: dial, fetchDocument } = composeDialling(config, report);
  const secrets = new SecretKeeper({ environment, now, report });
  const decision = await secrets.openDecision(config.decision);
  const servers = await secrets.openServers(config.servers);
  const sealing = await openSealing(config, trust.organisation, secrets);
  const openShared = await prepareShared(config, secrets);
  const grants = await GrantFile.open(options.grants, { now, report });
  const telemetry = await composeTelemetry(
    options,
    {
      inflight: () => handler.inflight(),
      bundle: () => authority.bundle()?.digest,
      authorityLagMs: () => authority.lagMs(),
      problems: () => problems.list,
    },
    log,
  );
  const callers = openIdentities(grants, config.issuers, {
    servers: servers.keys(),
    fetchDocument,
    now,
    monotonic: () => performance.now(),
    report,
    onFault: (reason) => {
      telemetry.report({ kind: 'token_refused', reason });
    },
  });
  const onBundle = (bundle: string): void => {
    log({ event: 'bundle_current', bundle });
  };
  const following = { decision, dial, source, trust, now, random: Math.random, report, onBundle };
  const authority = followAuthority({ ...options.authority, ...following });
  const monotonic = (): number => performance.now();
  const { organisation } = trust;
  const count = telemetry.report;
  const shared = openShared({ organisation, authority, now, monotonic, report, count });
  const usage = composeUsage(config.usage, shared.link, { organisation, authority, monotonic, report });
  const { allowedHosts, allowedOrigins, limits } = config;
  const handler = createHandler({
    allowedHosts,
    allowedOrigins,
    limits,
    authority,
    identities: callers.identities,
    resources: callers.resources,
    servers,
    decision,
    dial,
    ...(shared.verdicts === undefined ? {} : { shared: shared.verdicts }),
    ...(usage.counting === undefined ? {} : { usage: usage.counting }),
    now,
    monotonic,
    report: telemetry.report,
    sealing,
  });
  reportMissing([...servers.keys()], authority, report);
  return { problems, secrets, grants, callers, authority, telemetry, handler, shared, usage };
}

/** A server that the bundle does not have offers nothing, whatever it says itself. */
function reportMissing(servers: readonly string[], authority: FollowedAuthority, report: OnProblem): void {
  authority.onChange(() => {
    const offered = new Set(authority.bundle()?.catalogs.map(({ server }) => server.id));
    const missing = servers.filter((id) => !offered.has(id));
    const message = 'servers are configured that the bundle does not have';
    const problem = { code: 'servers_not_offered', message, detail: missing.join(', ') };
    report('servers', missing.length === 0 ? undefined : problem);
  });
}

function logProblem(log: Log): OnProblem {
  return (subject, problem) => {
    if (problem === undefined) log({ event: 'problem_solved', subject });
    else log({ event: 'problem', subject, ...problem });
  };
}
