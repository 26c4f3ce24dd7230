export { startDecisionService, type DecisionService } from './main/decisionService.ts';
export { type DecisionServiceOptions } from './main/options.ts';
export { defaultServiceLimits, type ServiceLimits } from './limits.ts';
export { createLog, type Log, type LogEvent } from './telemetry/log.ts';
