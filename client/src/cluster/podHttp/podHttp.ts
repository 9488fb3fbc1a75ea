import type { Dispatcher } from 'undici';
import request from 'undici/lib/api/api-request.js';
import type { PodHttp, PodHttpAccess, PodHttpAnswer, PodHttpRequest, PodTls } from '#core/live/podHttp.ts';
import { ClusterProblem, type Clock, type Forward, type ForwardRequest } from '#core/live/ports.ts';
import type { ConnectPlan, TlsSettings } from '../transport/connect.ts';
import { failureOf } from '../transport/networkProblems.ts';
import { poolOf } from '../transport/pool.ts';
import { readBody } from '../transport/readBody.ts';
import { problemOfPod } from './problems.ts';

/** Through the API server it takes a few round trips. */
const CONNECT_TIMEOUT_MS = 10_000;
const USUAL_BYTES = 16_000_000;

export type OpenForward = (request: ForwardRequest) => Promise<Forward>;

/**
 * HTTP to a port of a pod over a forward of its own, on one connection, because each is a stream through the API server.
 * @throws ClusterProblem when the port cannot be forwarded
 */
export async function openPodHttp(access: PodHttpAccess, open: OpenForward, clock: Clock): Promise<PodHttp> {
  const { namespace, pod, port } = access;
  return new Tunnel(access, await open({ namespace, pod, port }), clock);
}

class Tunnel implements PodHttp {
  readonly #who: string;
  readonly #forward: Forward;
  readonly #clock: Clock;
  readonly #pool: Dispatcher;
  /** The listener on this side takes every connection; that the pod does not is told here. */
  #ended: ClusterProblem | undefined;
  readonly #isTls: boolean;
  #isStopped = false;

  constructor({ pod, port, tls }: PodHttpAccess, forward: Forward, clock: Clock) {
    this.#who = `${pod}:${port}`;
    this.#forward = forward;
    this.#clock = clock;
    this.#isTls = tls !== undefined;
    forward.onDidEnd((problem) => {
      this.#ended ??= problem;
    });
    const server = new URL(`${tls === undefined ? 'http' : 'https'}://127.0.0.1:${forward.localPort}`);
    this.#pool = poolOf(server, planFor(server, tls), 1);
  }

  async request(wanted: PodHttpRequest): Promise<PodHttpAnswer> {
    if (this.#isStopped) throw new ClusterProblem('cancelled', `The tunnel to ${this.#who} is closed.`);
    const late = new AbortController();
    const timer = this.#clock.after(wanted.timeoutMs, () => late.abort(failureOf('NO_ANSWER', 'No answer in time.')));
    try {
      return await this.#ask(wanted, late.signal);
    } catch (error) {
      throw this.#ended ?? problemOfPod(error, this.#who, this.#isTls);
    } finally {
      timer.stop();
    }
  }

  async #ask({ method, path, maxBytes }: PodHttpRequest, signal: AbortSignal): Promise<PodHttpAnswer> {
    const headers = { accept: 'application/json, text/plain', 'user-agent': 'data-clusters' };
    const answer = await request.call(this.#pool, { method, path, headers, signal });
    const text = await readBody(answer.body, undefined, maxBytes ?? USUAL_BYTES);
    return { status: answer.statusCode, text };
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#pool.destroy().catch(() => undefined);
    this.#forward.stop();
  }
}

const planFor = (server: URL, tls: PodTls | undefined): ConnectPlan => ({
  server,
  proxy: undefined,
  tls:
    tls === undefined ? plain : { ca: [tls.ca], cert: tls.cert, key: tls.key, isInsecure: false, isNameIgnored: true },
  timeoutMs: CONNECT_TIMEOUT_MS,
});

/** Not looked at where there is no TLS. */
const plain: TlsSettings = { ca: undefined, isInsecure: false };
