import { mebibytes, sumOf, unknownAmount } from '#core/preview/amounts.ts';
import type { Amount, MemoryPart } from '#core/preview/model.ts';
import { readFirst, type Reading } from '#core/preview/reading.ts';
import { valueOf, type SparkSource } from '#core/systems/spark/preview/source.ts';
import { formatMebibytes, parseSparkMemory } from '#core/systems/spark/rules/memory.ts';

const MEBIBYTE = 1024 ** 2;
const JVM_FACTOR = 0.1;
const OTHER_FACTOR = 0.4;
const LEAST_OVERHEAD = '384m';
const DEFAULT_HEAP = '1g';

/**
 * What a pod of Spark asks for: heap and overhead; in executors also memory outside the heap that is switched on, and that of Python.
 * Request and limit are the same. Source: Apache Spark 4.0 BasicDriverFeatureStep, BasicExecutorFeatureStep,
 * ResourceProfile.getResourcesForClusterManager. Everything is counted in whole mebibytes, rounded down, as Spark does.
 */
export function memoryParts(source: SparkSource): readonly MemoryPart[] {
  const { role } = source;
  const heap = part('heap of the JVM', valueOf(source, 'memory', `spark.${role}.memory`), DEFAULT_HEAP);
  const parts = [heap, overheadPart(source, heap.amount)];
  return role === 'driver' ? parts : [...parts, ...offHeapParts(source), ...pythonParts(source)];
}

export function memoryOf(parts: readonly MemoryPart[]): Amount {
  return sumOf(
    parts.map(({ amount }) => amount),
    formatMebibytes,
  );
}

function overheadPart(source: SparkSource, heap: Amount): MemoryPart {
  const what = 'overhead';
  const given = valueOf(source, 'memoryOverhead', `spark.${source.role}.memoryOverhead`);
  if (given.state !== 'absent') return part(what, given, LEAST_OVERHEAD);
  const least = toMebibytes(readFirst(source.conf.field(`spark.${source.role}.minMemoryOverhead`)), LEAST_OVERHEAD);
  const factor = factorOf(source);
  if (heap.state !== 'known') return { what, amount: unknownAmount('the heap is not known'), from: '' };
  if (least.state !== 'known') return { what, amount: least, from: '' };
  if (factor.value === undefined) return { what, amount: unknownAmount(factor.from), from: '' };
  const own = Math.floor((factor.value * heap.value) / MEBIBYTE);
  const minimum = least.value / MEBIBYTE;
  const from = own > minimum ? `${factor.value} of the heap, ${factor.from}` : `the minimum of ${minimum} MiB`;
  return { what, amount: mebibytes(Math.max(own, minimum)), from };
}

interface Factor {
  readonly value: number | undefined;
  /** Where it is from, or why it is not known. */
  readonly from: string;
}

function factorOf({ role, conf, factorField, language }: SparkSource): Factor {
  const field = factorField === undefined ? [] : [factorField];
  const given = readFirst(
    conf.field(`spark.${role}.memoryOverheadFactor`),
    conf.field('spark.kubernetes.memoryOverheadFactor'),
    ...field,
  );
  if (given.state === 'unknown') return { value: undefined, from: given.why };
  if (given.state === 'given') {
    const value = Number(given.text);
    const isFactor = Number.isFinite(value) && value > 0;
    return isFactor ? { value, from: given.from } : { value: undefined, from: `${given.from} is no factor above 0` };
  }
  if (language === undefined) return { value: undefined, from: 'the language of the program is not known' };
  return language === 'JVM'
    ? { value: JVM_FACTOR, from: 'what Spark takes for Java and Scala' }
    : { value: OTHER_FACTOR, from: `what Spark takes for ${language}` };
}

/** Memory outside the heap counts only where it is switched on (spark.memory.offHeap.enabled). */
function offHeapParts({ conf }: SparkSource): readonly MemoryPart[] {
  const enabled = readFirst(conf.field('spark.memory.offHeap.enabled'));
  if (enabled.state === 'absent' || (enabled.state === 'given' && enabled.text !== 'true')) return [];
  const what = 'memory outside the heap';
  if (enabled.state === 'unknown') return [{ what, amount: unknownAmount(enabled.why), from: '' }];
  // The one amount of these that counts in bytes when it has no unit.
  const size = readFirst(conf.field('spark.memory.offHeap.size'));
  const inBytes = size.state === 'given' && /^\d+$/.test(size.text) ? { ...size, text: `${size.text}b` } : size;
  return [part(what, inBytes, '0')];
}

/** Memory of Python is added where the program is one of Python. */
function pythonParts({ conf, language }: SparkSource): readonly MemoryPart[] {
  const given = readFirst(conf.field('spark.executor.pyspark.memory'));
  if (given.state === 'absent' || language === 'JVM' || language === 'R') return [];
  const what = 'memory of Python';
  if (language === 'Python') return [part(what, given, '0')];
  return [{ what, amount: unknownAmount('the language of the program is not known'), from: '' }];
}

function part(what: string, reading: Reading, fallback: string): MemoryPart {
  const from = reading.state === 'given' ? reading.from : reading.state === 'absent' ? 'default of Spark' : '';
  return { what, amount: toMebibytes(reading, fallback), from };
}

function toMebibytes(reading: Reading, fallback: string): Amount {
  if (reading.state === 'unknown') return unknownAmount(reading.why);
  const text = reading.state === 'given' ? reading.text : fallback;
  const where = reading.state === 'given' ? reading.from : 'it';
  const bytes = parseSparkMemory(text);
  if (bytes === undefined) return unknownAmount(`${where} is no amount of memory to Spark`);
  if (!Number.isSafeInteger(bytes)) return unknownAmount(`${where} is more memory than can be counted`);
  return mebibytes(Math.floor(bytes / MEBIBYTE));
}
