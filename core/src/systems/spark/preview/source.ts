import { readFirst, textOr, type Reading } from '#core/preview/reading.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

export type SparkPodRole = 'driver' | 'executor';

/** The language of the program: it decides how much memory Spark adds. */
export type ProgramLanguage = 'JVM' | 'Python' | 'R';

/**
 * Where Spark finds the values of a pod. Fields of the Kubeflow operator stand behind `sparkConf` on the command line of spark-submit, so
 * they win over it; the one exception is memoryOverheadFactor, which stands before it (spark-operator 2.5.2 buildSparkSubmitArgs).
 */
export interface SparkSource {
  readonly role: SparkPodRole;
  readonly conf: NodeView;
  /** `spec.driver`, `spec.executor`; undefined where only settings count. */
  readonly fields: NodeView | undefined;
  /** `spec.memoryOverheadFactor`, which only some kinds have. */
  readonly factorField: NodeView | undefined;
  /** Undefined where it cannot be told. */
  readonly language: ProgramLanguage | undefined;
}

/** A value by its field and its setting; the field wins. */
export function valueOf({ fields, conf }: SparkSource, field: string | undefined, key: string): Reading {
  const own = field === undefined || fields === undefined ? [] : [fields.field(field)];
  return readFirst(...own, conf.field(key));
}

/**
 * The language by the main file, as spark-submit tells it (SparkSubmit.isPython, isR); by the declared type where the file does not show.
 */
export function languageOf(file: Reading, type: Reading): ProgramLanguage | undefined {
  if (file.state === 'given' && file.text.endsWith('.py')) return 'Python';
  if (file.state === 'given' && /\.r$/i.test(file.text)) return 'R';
  if (file.state === 'given' && file.text.endsWith('.jar')) return 'JVM';
  if (file.state === 'unknown' && type.state !== 'given') return undefined;
  const declared = textOr(type, '');
  return declared === 'Python' || declared === 'R' ? declared : 'JVM';
}
