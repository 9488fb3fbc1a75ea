import type { CqlAccess, CqlConnection, CqlCredentials } from '#core/live/cql.ts';
import { ClusterProblem, type Forward, type ForwardRequest, type JsonObject } from '#core/live/ports.ts';
import type { Cancellation } from '#core/ports.ts';
import { readError, readRows, readSupported, requireOpcode } from './answers.ts';
import { bytesOf, longStringOf, shortOf, stringMapOf } from './body.ts';
import { opcode, type Frame } from './frames.ts';
import { explain, UnusualVersion } from './problems.ts';
import { within, Unanswered, Wire, type Patience, type TlsWish } from './wire.ts';

export type OpenForward = (request: ForwardRequest) => Promise<Forward>;

/** Milliseconds. */
export interface CqlLimits {
  /** The tunnel, the connection and TLS. */
  readonly connectMs: number;
  readonly answerMs: number;
}

const usualLimits: CqlLimits = { connectMs: 10_000, answerMs: 10_000 };

/** Spoken by every Cassandra from 2.2 on. */
const VERSION = 4;
/** Versions whose first messages have the same frames. */
const UNFRAMED = [3, 4, 5];
/** From 5 on everything behind the login travels in frames of another form, which is not spoken here. */
const NEWEST_FOR_QUERIES = 4;

/**
 * Connects to the CQL port of one pod and asks it for its OPTIONS, which every node that serves clients answers without a login. Plain text
 * is tried first unless TLS is told of, then TLS: a node that wants it closes what is not encrypted. A version that the node does not take
 * is asked for in the one it answers with.
 */
export async function connectCql(
  access: CqlAccess,
  open: OpenForward,
  cancellation?: Cancellation,
  limits: CqlLimits = usualLimits,
): Promise<CqlConnection> {
  const { namespace, pod, port } = access;
  const patience = { ms: limits.connectMs, cancellation };
  const who = `CQL of ${pod} at port ${port}`;
  let forward: Forward | undefined;
  try {
    const opening = open({ namespace, pod, port });
    opening.catch(() => undefined);
    forward = await orClosed(within(patience, opening), opening);
    return await new Dialling(access, forward, limits).connect(cancellation);
  } catch (error) {
    forward?.stop();
    throw explain(error, who);
  }
}

/** A tunnel that comes too late is closed. */
async function orClosed(awaited: Promise<Forward>, opening: Promise<Forward>): Promise<Forward> {
  try {
    return await awaited;
  } catch (error) {
    opening.then(
      (late) => late.stop(),
      () => undefined,
    );
    throw error;
  }
}

class Dialling {
  readonly #access: CqlAccess;
  readonly #forward: Forward;
  readonly #limits: CqlLimits;
  /** Why the tunnel ended, or what the node's side of it told. */
  #told: ClusterProblem | undefined;
  /** The node's side told that nothing listens: no other language will be answered either. */
  #isRefused = false;

  constructor(access: CqlAccess, forward: Forward, limits: CqlLimits) {
    this.#access = access;
    this.#forward = forward;
    this.#limits = limits;
    forward.onDidEnd((problem) => {
      this.#told ??= problem;
    });
    forward.onDidRefuse?.((problem) => {
      this.#told ??= problem;
      this.#isRefused = true;
    });
  }

  async connect(cancellation: Cancellation | undefined): Promise<CqlConnection> {
    const { tls } = this.#access;
    try {
      return await this.#speak(tls, VERSION, cancellation);
    } catch (error) {
      if (error instanceof UnusualVersion) return this.#speak(tls, error.version, cancellation);
      if (!(error instanceof Unanswered)) throw this.#told ?? error;
      if (this.#isRefused || this.#told || tls) throw this.#told ?? error;
    }
    try {
      return await this.#speak({}, VERSION, cancellation);
    } catch (error) {
      if (error instanceof UnusualVersion) return this.#speak({}, error.version, cancellation);
      throw this.#told ?? error;
    }
  }

  async #speak(
    tls: TlsWish | undefined,
    version: number,
    cancellation: Cancellation | undefined,
  ): Promise<CqlConnection> {
    const { connectMs, answerMs } = this.#limits;
    const wire = await Wire.open(this.#forward.localPort, tls, { ms: connectMs, cancellation });
    try {
      const frame = await wire.ask(version, opcode.options, Buffer.alloc(0), { ms: answerMs, cancellation });
      const unusual = otherVersion(frame, version);
      if (unusual !== undefined) throw new UnusualVersion(unusual);
      return new OpenCql(this.#access, wire, this.#forward, { version, answerMs, offers: readSupported(frame) });
    } catch (error) {
      wire.close();
      throw error;
    }
  }
}

/** The version that a node answers with which does not take ours. */
function otherVersion(frame: Frame, asked: number): number | undefined {
  if (frame.opcode !== opcode.error || !readError(frame).isProtocol) return undefined;
  return frame.version !== asked && UNFRAMED.includes(frame.version) ? frame.version : undefined;
}

interface Spoken {
  readonly version: number;
  readonly answerMs: number;
  readonly offers: CqlConnection['offers'];
}

class OpenCql implements CqlConnection {
  readonly offers: CqlConnection['offers'];
  readonly isEncrypted: boolean;
  readonly #access: CqlAccess;
  readonly #wire: Wire;
  readonly #forward: Forward;
  readonly #spoken: Spoken;
  #ready: Promise<void> | undefined;

  constructor(access: CqlAccess, wire: Wire, forward: Forward, spoken: Spoken) {
    this.#access = access;
    this.#wire = wire;
    this.#forward = forward;
    this.#spoken = spoken;
    this.offers = spoken.offers;
    this.isEncrypted = wire.isEncrypted;
  }

  async query(statement: string, cancellation?: Cancellation): Promise<readonly JsonObject[]> {
    try {
      await (this.#ready ??= this.#start(cancellation));
      return readRows(await this.#ask(opcode.query, queryBody(statement), cancellation));
    } catch (error) {
      throw explain(error, `CQL of ${this.#access.pod} at port ${this.#access.port}`);
    }
  }

  stop(): void {
    this.#wire.close();
    this.#forward.stop();
  }

  async #start(cancellation: Cancellation | undefined): Promise<void> {
    const { version, offers } = this.#spoken;
    if (version > NEWEST_FOR_QUERIES)
      throw new ClusterProblem(
        'absent',
        `it takes no version of the protocol before ${version}, and we ask by ${VERSION}`,
      );
    const startup = stringMapOf({ CQL_VERSION: offers['CQL_VERSION']?.[0] ?? '3.0.0', DRIVER_NAME: 'data-clusters' });
    const answer = await this.#ask(opcode.startup, startup, cancellation);
    requireOpcode(answer, opcode.ready, opcode.authenticate);
    if (answer.opcode === opcode.authenticate) await this.#logIn(cancellation);
  }

  /** SASL PLAIN, which is what PasswordAuthenticator and its kin speak; an empty challenge asks for the same once more. */
  async #logIn(cancellation: Cancellation | undefined): Promise<void> {
    const { credentials } = this.#access;
    if (!credentials) throw new ClusterProblem('unauthenticated', 'it wants a login, and none is known');
    let answer = await this.#ask(opcode.authResponse, bytesOf(plainOf(credentials)), cancellation);
    if (answer.opcode === opcode.authChallenge)
      answer = await this.#ask(opcode.authResponse, bytesOf(plainOf(credentials)), cancellation);
    if (answer.opcode === opcode.authChallenge)
      throw new ClusterProblem('unauthenticated', 'it wants a login of a kind that is not spoken here');
    requireOpcode(answer, opcode.authSuccess);
  }

  #ask(code: number, body: Buffer, cancellation: Cancellation | undefined): Promise<Frame> {
    const patience: Patience = { ms: this.#spoken.answerMs, cancellation };
    return this.#wire.ask(this.#spoken.version, code, body, patience);
  }
}

/** RFC 4616. */
const plainOf = ({ username, password }: CqlCredentials): Buffer => Buffer.from(`\0${username}\0${password}`);

const LOCAL_ONE = 0x000a;
const NO_FLAGS = Buffer.from([0]);

const queryBody = (statement: string): Buffer => Buffer.concat([longStringOf(statement), shortOf(LOCAL_ONE), NO_FLAGS]);
