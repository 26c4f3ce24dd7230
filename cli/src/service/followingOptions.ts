// What every service that follows the authority can be told alike.

export const followingOptions = {
  'stale-after': {
    type: 'integer',
    value: 'SECONDS',
    min: 5,
    max: 300,
    default: 30,
    description: 'the age of the last statement beyond which everything is denied',
  },
} as const;

export const tracingOptions = {
  traces: {
    type: 'flag',
    description: 'send traces to where the standard OTEL_EXPORTER_OTLP variables say',
  },
} as const;
