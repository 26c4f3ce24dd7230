export { readProxyConfig, type ProxyConfig } from './config/proxyConfig.ts';
export { SecretFault } from './config/secretHolder.ts';
export { limitTable, type ProxyLimits } from './limits.ts';
export { type ProxyOptions } from './main/options.ts';
export { startProxy, type RunningProxy } from './main/startProxy.ts';
export { startStdioProxy, type RunningStdioProxy } from './main/startStdioProxy.ts';
export { boundYoungSpace } from './main/youngSpace.ts';
export { listUnchecked } from './resolve/inputSchema.ts';
export { createLog, type Log, type LogEvent } from './telemetry/log.ts';
