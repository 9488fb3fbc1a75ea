import { timeText, type Pod } from '../objects.ts';
import { plainProgram, type Program, type ProgramSource } from '../programs.ts';

/** What an operator writes into its log: at its start, and again every so often. */
interface OperatorLog {
  readonly start: readonly string[];
  readonly everyMs: number;
  readonly again: (at: string) => readonly string[];
}

const READY_AFTER_MS = 3000;

/** By the image, each in the form of its own logger. */
const logs: readonly { readonly image: RegExp; readonly log: OperatorLog }[] = [
  {
    image: /strimzi\/operator:/,
    log: {
      start: ['INFO  Main:72 - Cluster Operator 1.2.0 is starting'],
      everyMs: 120_000,
      again: () => ['INFO  AbstractOperator:511 - Reconciliation #7(timer) Kafka(payments/ledger): reconciled'],
    },
  },
  {
    image: /cass-operator:/,
    log: {
      start: ['{"level":"info","logger":"setup","msg":"starting manager"}'],
      everyMs: 90_000,
      again: (at) => [
        `{"level":"error","ts":"${at}","msg":"Reconciler error","controller":"cassandradatacenter","error":"calculating reconciliation actions: timed out waiting for the management API of a node"}`,
      ],
    },
  },
  {
    image: /spark-operator\/controller:/,
    log: {
      start: ['2026-01-01T00:00:00Z\tINFO\tcontroller-runtime\tStarting manager'],
      everyMs: 60_000,
      again: (at) => [`${at}\tINFO\tcontroller\tReconciling SparkApplication\t{"namespace": "analytics"}`],
    },
  },
  {
    image: /training-operator:/,
    log: {
      start: ['2026-01-01T00:00:00Z\tINFO\tsetup\tregistering controllers'],
      everyMs: 60_000,
      again: (at) => [`time="${at}" level=info msg="Reconciling for job mnist"`],
    },
  },
];

/** Operators as programs: they run, and they write a log. What they do is done by the controllers of the simulation. */
export function operatorPrograms(log: (pod: Pod, container: string, text: string, at: number) => void): ProgramSource {
  return (pod, container, now) => {
    const found = logs.find(({ image }) => image.test(container.image));
    if (found === undefined) return undefined;
    return operatorProgram(found.log, now, (text, at) => log(pod, container.name, text, at));
  };
}

function operatorProgram(own: OperatorLog, startedAt: number, write: (text: string, at: number) => void): Program {
  const plain = plainProgram(startedAt, READY_AFTER_MS);
  let nextAt = startedAt + own.everyMs;
  for (const line of own.start) write(line, startedAt);
  return {
    ...plain,
    poll: (now) => {
      for (; nextAt <= now; nextAt += own.everyMs) for (const line of own.again(timeText(nextAt))) write(line, nextAt);
      return plain.poll(now);
    },
  };
}
