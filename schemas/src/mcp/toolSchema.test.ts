import { describe, expect, it } from '@jest/globals';
import type { ToolDefinition } from './catalog.ts';
import { toolSchemaText } from './toolSchema.ts';

const tool: ToolDefinition = {
  name: 'create_issue',
  inputSchema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
  effect: 'write',
  review: 'approved',
};

// What follows the core schema.
function tail(text: string): string {
  return text.slice(text.indexOf('type Usage'));
}

describe('toolSchemaText', () => {
  it('declares the one action with its groups and its input', () => {
    expect(tail(toolSchemaText(tool, { server: 'github', counters: ['hour'] })))
      .toBe(`type Usage = { "hour": Long };

action "github";

action "github/create_issue" in ["tools/call", "github", "write"] appliesTo {
  principal: [Person, Agent],
  resource: [Tool],
  context: {
    input: {
      "title": String,
    },
    agent: Agent,
    grant: Grant,
    session: Session,
    request: Request,
    usage: Usage,
    findings: Findings,
    approvals: Approvals,
  },
};
`);
  });

  it('declares other actions once, and none that is there already', () => {
    const alsoActions = [
      'stripe/refund',
      'tools/list',
      'read',
      'github',
      'github/create_issue',
      'stripe/refund',
    ];
    const text = toolSchemaText(tool, { server: 'github', counters: [], alsoActions });
    expect(text).toContain('\naction "github", "stripe/refund", "tools/list";\n');
    expect(text.match(/"stripe\/refund"/g)).toHaveLength(1);
  });

  it('quotes whatever a server calls its tool', () => {
    const text = toolSchemaText(
      { ...tool, name: 'a" in []; action "b\n' },
      { server: 'github', counters: [] },
    );
    expect(text).toContain('action "github/a\\" in []; action \\"b\\u{a}" in [');
  });
});
