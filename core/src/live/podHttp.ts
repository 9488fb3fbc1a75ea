import type { Stoppable } from '#core/live/ports.ts';

/** HTTP at a port of a pod, reached through the pod whatever address it has. */
export interface PodHttpAccess {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  /** Absent: plain HTTP, which nobody but the API server and the pod sees. */
  readonly tls?: PodTls;
}

/** PEM. */
export interface PodTls {
  /**
   * Who must have signed the certificate of the other side. Its name is not looked at: the tunnel says which pod it is, and certificates
   * of pods are seldom made out to one.
   */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface PodHttpRequest {
  readonly method: 'GET' | 'POST';
  /** With its query, already encoded. */
  readonly path: string;
  readonly timeoutMs: number;
  /** A larger answer is a problem; default 16 MB. */
  readonly maxBytes?: number;
}

/** Any status is an answer. The text is untrusted. */
export interface PodHttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** A tunnel to one port. Nothing is dialled before the first request; one that failed may be followed by others. */
export interface PodHttp extends Stoppable {
  /** Never repeated by itself. @throws ClusterProblem when no whole answer comes */
  request(request: PodHttpRequest): Promise<PodHttpAnswer>;
}
