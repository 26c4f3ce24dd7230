// The tools that the calls of the benchmark go to: the same twice, and only the second has a quota.

export const serverId = 'desk';

export const tool = {
  name: 'refund_order',
  description: 'Pays back what an order has cost.',
  inputSchema: {
    type: 'object',
    properties: {
      order: { type: 'string', description: 'For example O-7.' },
      amount: { type: 'integer', description: 'In cents.' },
      note: { type: 'string', description: 'What the customer reads.' },
    },
    required: ['order', 'amount', 'note'],
    additionalProperties: false,
  },
} as const;

/** Its verdicts read how often it was called. */
export const countedTool = { ...tool, name: 'refund_in_quota' } as const;

/** Spoken by everything that is compared. */
export const protocolVersion = '2025-11-25';
