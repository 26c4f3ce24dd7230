// The one tool that every call of the benchmark goes to.

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

/** Spoken by everything that is compared. */
export const protocolVersion = '2025-11-25';
