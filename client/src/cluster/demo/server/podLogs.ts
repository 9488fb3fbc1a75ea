import type { ServerResponse } from 'node:http';
import type { Stoppable } from '#core/live/ports.ts';
import { ApiError, notFound } from '../simulation/apiError.ts';
import type { LogLine } from '../simulation/logs.ts';
import type { Pod } from '../simulation/objects.ts';
import type { World } from '../simulation/world.ts';
import type { ApiRequest } from './request.ts';

/** What a container has written; with `follow` until it ends. @returns what is to be stopped with the server */
export function answerLog(world: World, request: ApiRequest, response: ServerResponse): Stoppable | undefined {
  const pod = world.pod(request.namespace, request.name);
  if (pod === undefined) throw notFound('pods', request.name);
  const container = chooseContainer(pod, request.query.get('container'));
  const lines = selectLines(world, request, pod, container);
  const withTimes = request.query.get('timestamps') === 'true';
  response.writeHead(200, { 'content-type': 'text/plain' });
  const write = (line: LogLine): void =>
    void response.write(`${withTimes ? `${new Date(line.at).toISOString()} ` : ''}${line.text}\n`);
  lines.forEach(write);
  if (request.query.get('follow') !== 'true') {
    response.end();
    return undefined;
  }
  response.flushHeaders();
  return followLog(world, pod, container, write, response);
}

function followLog(
  world: World,
  pod: Pod,
  container: string,
  write: (line: LogLine) => void,
  response: ServerResponse,
): Stoppable {
  const { uid, namespace = '', name } = pod.metadata;
  const restarts = restartsOf(pod, container);
  const lines = world.logs.follow(uid, container, write);
  const changes = world.store.onDidChange(({ object }) => {
    if (object.metadata.uid !== uid) return;
    const current = world.pod(namespace, name);
    const isSameRun = current?.metadata.uid === uid && restartsOf(current, container) === restarts;
    if (!isSameRun) stop();
  });
  const stop = (): void => {
    lines.stop();
    changes.stop();
    if (!response.writableEnded) response.end();
  };
  response.on('close', stop);
  return { stop };
}

function restartsOf(pod: Pod, container: string): number {
  return pod.status.containerStatuses.find(({ name }) => name === container)?.restartCount ?? 0;
}

function selectLines(world: World, { query }: ApiRequest, pod: Pod, container: string): readonly LogLine[] {
  const { uid, name } = pod.metadata;
  const isPrevious = query.get('previous') === 'true';
  const all = isPrevious ? world.logs.previous(uid, container) : world.logs.current(uid, container);
  if (all === undefined) {
    throw new ApiError(
      400,
      'BadRequest',
      `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} not found`,
    );
  }
  const state = pod.status.containerStatuses.find((status) => status.name === container);
  if (!isPrevious && all.length === 0 && state?.state.waiting !== undefined && state.restartCount === 0) {
    const { reason } = state.state.waiting;
    throw new ApiError(
      400,
      'BadRequest',
      `container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} is waiting to start: ${reason}`,
    );
  }
  const since = query.get('sinceSeconds');
  const recent = since === null ? all : all.filter(({ at }) => at >= world.now() - Number(since) * 1000);
  const tail = query.get('tailLines');
  return tail === null ? recent : Number(tail) === 0 ? [] : recent.slice(-Number(tail));
}

/** @throws ApiError 400 when the pod has several and none is named, or has none of that name */
export function chooseContainer(pod: Pod, name: string | null): string {
  const names = pod.spec.containers.map((container) => container.name);
  const chosen = name === null || name === '' ? names[0] : names.find((candidate) => candidate === name);
  if ((name === null || name === '') && names.length > 1) {
    const list = names.join(' ');
    throw new ApiError(
      400,
      'BadRequest',
      `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${list}]`,
    );
  }
  if (chosen === undefined)
    throw new ApiError(400, 'BadRequest', `container ${name ?? ''} is not valid for pod ${pod.metadata.name}`);
  return chosen;
}
