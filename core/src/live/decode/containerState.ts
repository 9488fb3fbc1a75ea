import { nameText, shownText } from '#core/live/decode/meta.ts';
import { isObject, numberOf, objectOf, objectsOf } from '#core/live/json.ts';
import type { ContainerEnd, ContainerState } from '#core/live/objects.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { timeAt } from '#core/live/reading.ts';

/** States of a pod's containers, init containers first as they run. */
export function decodeStates(status: JsonObject): readonly ContainerState[] {
  return [
    ...objectsOf(status['initContainerStatuses']).map((state) => decodeState(state, true)),
    ...objectsOf(status['containerStatuses']).map((state) => decodeState(state, false)),
  ];
}

function decodeState(entry: JsonObject, isInit: boolean): ContainerState {
  const state = objectOf(entry['state']);
  const waiting = objectOf(state['waiting']);
  return {
    name: nameText(entry['name']),
    isInit,
    isReady: entry['ready'] === true,
    restarts: numberOf(entry['restartCount']) ?? 0,
    state: stateNames.find((name) => isObject(state[name])) ?? 'unknown',
    waitingReason: shownText(waiting['reason']),
    waitingMessage: shownText(waiting['message']),
    runningSince: timeAt(objectOf(state['running'])['startedAt']),
    ended: decodeEnd(state['terminated']),
    lastEnd: decodeEnd(objectOf(entry['lastState'])['terminated']),
  };
}

const stateNames = ['waiting', 'running', 'terminated'] as const;

function decodeEnd(value: unknown): ContainerEnd | undefined {
  if (!isObject(value)) return undefined;
  return {
    exitCode: numberOf(value['exitCode']) ?? 0,
    signal: numberOf(value['signal']),
    reason: shownText(value['reason']),
    message: shownText(value['message']),
    startedAt: timeAt(value['startedAt']),
    finishedAt: timeAt(value['finishedAt']),
  };
}
