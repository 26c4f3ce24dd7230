// cardea pep stdio: one MCP server, wrapped for a client that starts it.
import { Failure } from '../frame/failure.ts';
import { dialOptions } from '../trust/dialOptions.ts';
import { defineVerb } from '../frame/verb.ts';

export const pepStdio = defineVerb({
  name: 'pep stdio',
  summary: 'Wrap an MCP server for a client that speaks over standard streams',
  details: [
    'Put in front of the command by which a client starts a server: its messages are judged as by cardea pep, what is ' +
      'denied does not reach the server, and lists show what may be used. The server gets PATH, HOME and the variables ' +
      'named with --env, and ends with the client.',
    'It restrains the model, not the user of the machine. Whoever can start this command can start the server without ' +
      'it, read what it reads, and change its policies: so no credential is asked for, and the caller is the person who ' +
      'runs the command, or who is named with --person and --group. Where people are to be held to their permissions, ' +
      'the server has to run where they cannot reach it, behind cardea pep. With --grants a token from CARDEA_TOKEN says ' +
      'who calls; the rest of this holds all the same.',
    'Verdicts come from the decision service of --decision, or with --project from one in this process, which builds ' +
      'and serves that project. Logs are JSON on standard error; nothing that the server writes to its own is shown.',
  ],
  environment: true,
  rest: { value: 'COMMAND', description: 'the server, and its arguments; no shell reads them' },
  options: {
    server: { type: 'text', value: 'ID', required: true, description: 'the name of the server in policies' },
    project: { type: 'text', value: 'DIR', description: 'decide here, by this project of policies' },
    decision: { type: 'text', value: 'URL', description: 'the decision service to ask instead' },
    'token-file': {
      type: 'text',
      value: 'FILE',
      description: 'the token of a caller of the class proxy, for --decision',
    },
    archive: { type: 'text', value: 'DIR|URL', description: 'where bundles are archived, for --decision' },
    trust: {
      type: 'text',
      value: 'KEY|FILE',
      many: true,
      description: 'a publisher whose bundles to trust, for --decision',
    },
    organisation: { type: 'text', value: 'ID', description: 'whose bundles, for --decision' },
    authority: {
      type: 'text',
      value: 'KEY|FILE',
      many: true,
      description: 'who may state what is current, for --decision',
    },
    ...dialOptions,
    person: { type: 'text', value: 'NAME', description: 'who calls; the user of the machine if not given' },
    group: { type: 'text', value: 'NAME', many: true, description: 'a group that the person is in' },
    agent: { type: 'text', value: 'NAME', default: 'assistant', description: 'the agent that acts for them' },
    grants: { type: 'text', value: 'FILE', description: 'who may call, by the token in CARDEA_TOKEN' },
    env: { type: 'text', value: 'NAME', many: true, description: 'a variable to pass to the server' },
  },

  async run({ options, rest, terminal, environment, untilStopped, onHangup }) {
    if (rest.length === 0) throw new Failure('there is no server: -- and its command come last');
    const { server, project, agent, env, person, group, grants } = options;
    if (project !== undefined && options.decision !== undefined)
      throw new Failure('one of both decides: --project or --decision');
    const signal = untilStopped();
    const [{ makePrivateFolder }, { openIdentity }, { decideHere, useRemote }, { runWrapped }] =
      await Promise.all([
        import('../stdio/privateFolder.ts'),
        import('../stdio/wrapIdentity.ts'),
        import('../stdio/wrapDecision.ts'),
        import('../stdio/runWrapped.ts'),
      ]);
    // Standard output is the client's.
    const apart = { ...terminal, out: terminal.err };
    const folder = makePrivateFolder();
    try {
      const identity = openIdentity({
        server,
        grants,
        person,
        group,
        agent,
        environment,
        folder: folder.path,
      });
      const decision =
        project === undefined
          ? await useRemote(options)
          : await decideHere({ project, server, folder: folder.path, terminal: apart });
      try {
        const wrapped = { server, command: rest, passed: env, decision, identity, terminal: apart };
        return await runWrapped({ ...wrapped, environment, signal, onHangup });
      } finally {
        await decision.close();
      }
    } finally {
      folder.remove();
    }
  },
});
