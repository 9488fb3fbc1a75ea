import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { ApiError, notFound, statusOf } from '../simulation/apiError.ts';
import type { CommandResult } from '../simulation/cassandra/nodetool.ts';
import { runCommand, runScript, type ExecPlace } from '../simulation/shell.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { chooseContainer } from './podLogs.ts';
import type { ApiRequest } from './request.ts';

/** The first byte of each message. */
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;
/** Version 5: the next byte names the stream that is over. */
const CLOSE = 255;

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const PROMPT = '$ ';

/** `pods/exec` over WebSocket. */
export class PodStreams {
  readonly #simulation: Simulation;
  readonly #server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  });

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** @throws ApiError before anything is answered */
  accept(request: ApiRequest, message: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (request.subresource === 'portforward') {
      throw new ApiError(400, 'BadRequest', 'This is a simulation: its pods have no ports that could be forwarded');
    }
    if (request.subresource !== 'exec')
      throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
    const place = this.#placeOf(request);
    this.#server.handleUpgrade(message, socket, head, (link) => {
      const isTerminal = request.query.get('tty') === 'true' && request.query.get('stdin') === 'true';
      if (isTerminal) runTerminal(place, link);
      else this.#run(place, request, link);
    });
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #placeOf({ namespace, name, query }: ApiRequest): ExecPlace {
    const pod = this.#simulation.world.pod(namespace, name);
    if (pod === undefined) throw notFound('pods', name);
    const chosen = chooseContainer(pod, query.get('container'));
    const container = pod.spec.containers.find((candidate) => candidate.name === chosen);
    const isRunning = pod.status.containerStatuses.some(
      (status) => status.name === chosen && status.state.running !== undefined,
    );
    if (container === undefined || !isRunning) {
      throw new ApiError(
        500,
        'InternalError',
        `unable to upgrade connection: container not found (${JSON.stringify(chosen)})`,
      );
    }
    return { simulation: this.#simulation, pod, container };
  }

  #run(place: ExecPlace, request: ApiRequest, link: WebSocket): void {
    const running = runCommand(place, request.query.getAll('command'));
    const { clock } = this.#simulation.world;
    const timer = clock.after(running.takesMs, () => {
      const result = running.finish(clock.now());
      if (result.stdout !== '') send(link, STDOUT, result.stdout);
      if (result.stderr !== '') send(link, STDERR, result.stderr);
      finish(link, result);
    });
    link.on('close', () => timer.stop());
  }
}

/** A shell with a terminal: lines are echoed, run, and answered. */
function runTerminal(place: ExecPlace, link: WebSocket): void {
  let line = '';
  const write = (text: string): void => send(link, STDOUT, text.replaceAll('\n', '\r\n'));
  write(`${runCommand(place, ['sh']).finish(0).stdout}${PROMPT}`);
  const runLine = (): void => {
    const script = line;
    line = '';
    const { clock } = place.simulation.world;
    const running = runScript(place, script);
    clock.after(running.takesMs, () => {
      const result = running.finish(clock.now());
      write(result.stdout + result.stderr);
      if (/^\s*exit\b/.test(script)) finish(link, result);
      else write(PROMPT);
    });
  };
  const type = (character: string): void => {
    if (character === '\r' || character === '\n') {
      write('\n');
      runLine();
    } else if (character === '\u007f') {
      if (line !== '') write('\b \b');
      line = line.slice(0, -1);
    } else if (character === '\u0003') {
      line = '';
      write(`^C\n${PROMPT}`);
    } else if (character === '\u0004' && line === '') finish(link, { exitCode: 0, stdout: '', stderr: '' });
    else if (character >= ' ') {
      line += character;
      write(character);
    }
  };
  link.on('message', (data) => {
    const bytes = bytesOf(data);
    if (bytes[0] === STDIN) for (const character of bytes.subarray(1).toString('utf8')) type(character);
    if (bytes[0] === CLOSE && bytes[1] === STDIN) finish(link, { exitCode: 0, stdout: '', stderr: '' });
  });
}

function finish(link: WebSocket, { exitCode }: CommandResult): void {
  send(link, STATUS, JSON.stringify(exitCode === 0 ? success : failure(exitCode)));
  link.close(1000);
}

const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };

function failure(exitCode: number): unknown {
  const error = new ApiError(
    500,
    'NonZeroExitCode',
    `command terminated with non-zero exit code: exit status ${exitCode}`,
    {
      causes: [{ reason: 'ExitCode', message: String(exitCode), field: '' }],
    },
  );
  return statusOf(error);
}

function send(link: WebSocket, channel: number, text: string): void {
  if (link.readyState === link.OPEN) link.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
