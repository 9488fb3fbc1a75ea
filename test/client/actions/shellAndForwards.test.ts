import { describe, expect, it } from 'vitest';
import { ForwardList, type OpenForward } from '#client/actions/forwards/forwardList.ts';
import { SHELL_COMMAND, ShellBridge } from '#client/actions/shell/shellBridge.ts';
import { ClusterProblem, type Forward, type ForwardRequest, type ShellHandlers } from '#core/live/ports.ts';

const address = { namespace: 'prod', pod: 'orders-0', container: 'kafka' };

function setUpShell() {
  const sent: string[] = [];
  let handlers: ShellHandlers | undefined;
  let connect: () => void = () => undefined;
  let refuse: (problem: ClusterProblem) => void = () => undefined;
  const session = {
    write: (data: string) => void sent.push(data),
    resize: (columns: number, rows: number) => void sent.push(`${columns}x${rows}`),
    stop: () => void sent.push('stop'),
  };
  const shell = new ShellBridge(
    {
      shell: (_address, command, shellHandlers) => {
        expect(command).toBe(SHELL_COMMAND);
        handlers = shellHandlers;
        return new Promise((resolve, reject) => {
          connect = () => resolve(session);
          refuse = reject;
        });
      },
    },
    address,
  );
  let shown = '';
  let isClosed = false;
  const terminal = { write: (text: string) => void (shown += text), close: () => void (isClosed = true) };
  const started = shell.start(terminal, { columns: 80, rows: 24 });
  return {
    shell,
    sent,
    handlers: () => {
      if (!handlers) throw new Error('no shell was asked for');
      return handlers;
    },
    connected: async () => {
      connect();
      await started;
    },
    refused: async (problem: ClusterProblem) => {
      refuse(problem);
      await started;
    },
    shown: () => shown,
    isClosed: () => isClosed,
  };
}

describe('ShellBridge', () => {
  it('keeps what is typed and the newest size until the shell answers', async () => {
    const { shell, sent, connected, handlers, shown } = setUpShell();
    shell.input('l');
    shell.resize({ columns: 100, rows: 30 });
    shell.input('s\r');
    await connected();
    shell.input('x');
    expect(sent).toEqual(['100x30', 'ls\r', 'x']);
    handlers().output('files');
    expect(shown()).toBe('files');
  });

  it.each([
    ['a shell that ends', true, 0, '', 'The shell has ended.'],
    ['a shell that ends with a failure', true, 3, '', 'The shell has ended with exit code 3.'],
    ['a last command that was not found', true, 127, '', 'The shell has ended with exit code 127.'],
    ['a container without a shell', false, 127, '', 'This container has no shell.'],
    [
      'a runtime that finds no shell',
      false,
      undefined,
      'exec: "sh": executable file not found',
      'This container has no shell: exec',
    ],
    ['a broken connection', true, undefined, 'reset\u001b[2J', 'The connection ended: reset [2J.'],
  ])('says what became of %s, once, and closes at the next key', async (_what, hasSpoken, exitCode, message, told) => {
    const { shell, connected, handlers, shown, isClosed, sent } = setUpShell();
    await connected();
    if (hasSpoken) handlers().output('$ ');
    handlers().ended(exitCode, message);
    handlers().ended(exitCode, message);
    expect(shown()).toContain(told);
    expect(shown().match(/Press any key/g)).toHaveLength(1);
    expect(isClosed()).toBe(false);
    shell.input('x');
    expect(isClosed()).toBe(true);
    expect(sent).toEqual(['80x24']);
  });

  it('says why it was refused', async () => {
    const { refused, shown } = setUpShell();
    await refused(new ClusterProblem('forbidden', 'pods "orders-0" is forbidden'));
    expect(shown()).toContain('pods "orders-0" is forbidden');
  });

  it('ends a shell that answers after the terminal was closed', async () => {
    const { shell, sent, connected } = setUpShell();
    shell.stop();
    await connected();
    expect(sent).toEqual(['stop']);
  });
});

class FakeForward implements Forward {
  readonly localPort: number;
  stops = 0;
  #listener: ((problem: ClusterProblem | undefined) => void) | undefined;

  constructor(localPort: number) {
    this.localPort = localPort;
  }

  onDidEnd(listener: (problem: ClusterProblem | undefined) => void) {
    this.#listener = listener;
    return { stop: () => void (this.#listener = undefined) };
  }

  end(problem?: ClusterProblem): void {
    this.#listener?.(problem);
  }

  stop(): void {
    this.stops += 1;
  }
}

function setUpForwards() {
  const made: FakeForward[] = [];
  const cluster = {
    forward: async ({ localPort = 0 }: ForwardRequest): Promise<Forward> => {
      const forward = new FakeForward(localPort === 0 ? 40_000 + made.length : localPort);
      made.push(forward);
      return forward;
    },
  };
  const ended: [OpenForward, ClusterProblem | undefined][] = [];
  const list = new ForwardList((forward, problem) => ended.push([forward, problem]));
  let changes = 0;
  list.onDidChange(() => (changes += 1));
  const open = (port: number, localPort?: number, context = 'a') =>
    list.open(cluster, context, {
      namespace: 'prod',
      pod: 'orders-0',
      port,
      ...(localPort === undefined ? {} : { localPort }),
    });
  return { list, open, made, ended, changes: () => changes };
}

describe('ForwardList', () => {
  it('opens one forward for a port of a pod of a context', async () => {
    const { list, open, made } = setUpForwards();
    const first = await open(9092);
    expect(await open(9092)).toBe(first);
    await open(9092, 12_345);
    await open(9092, undefined, 'b');
    expect(made).toHaveLength(3);
    expect(list.all.map(({ context, localPort }) => [context, localPort])).toEqual([
      ['a', 40_000],
      ['a', 12_345],
      ['b', 40_002],
    ]);
  });

  it('forgets a forward that ends by itself, and tells so once', async () => {
    const { list, open, made, ended } = setUpForwards();
    const forward = await open(9092);
    const problem = new ClusterProblem('unreachable', 'reset');
    made[0]?.end(problem);
    made[0]?.end(problem);
    expect(ended).toEqual([[forward, problem]]);
    expect(list.all).toEqual([]);
    forward.stop();
    expect(made[0]?.stops).toBe(0);
  });

  it('stops one, and all, without telling that they ended', async () => {
    const { list, open, made, ended, changes } = setUpForwards();
    const first = await open(1);
    await open(2);
    first.stop();
    list.stop();
    expect(made.map(({ stops }) => stops)).toEqual([1, 1]);
    expect(ended).toEqual([]);
    expect(changes()).toBe(4);
  });
});
