import { AbstainError, ConditionError } from '#core/lint/cel/abstain.ts';
import type { FunctionTable } from '#core/lint/cel/functions/registration.ts';

/** A version by semver.org 2.0.0; what is built from it does not count in its order. */
export class SemverValue {
  readonly parts: readonly [bigint, bigint, bigint];
  readonly prerelease: readonly string[];

  constructor(parts: readonly [bigint, bigint, bigint], prerelease: readonly string[]) {
    this.parts = parts;
    this.prerelease = prerelease;
  }
}

const NUMBER = '(0|[1-9]\\d*)';
const SEMVER = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);

function readSemver(text: string): SemverValue | undefined {
  const [found, major = '0', minor = '0', patch = '0', prerelease] = SEMVER.exec(text) ?? [];
  if (found === undefined) return undefined;
  const identifiers = prerelease?.split('.') ?? [];
  if (identifiers.some((part) => /^0\d+$/.test(part))) return undefined;
  return new SemverValue([BigInt(major), BigInt(minor), BigInt(patch)], identifiers);
}

function parse(text: string): SemverValue {
  const version = readSemver(text);
  if (!version) throw new ConditionError('this is no semantic version');
  return version;
}

function compareVersions(left: SemverValue, right: SemverValue): number {
  for (const [index, part] of left.parts.entries()) {
    const other = right.parts[index] ?? 0n;
    if (part !== other) return part < other ? -1 : 1;
  }
  return comparePrereleases(left.prerelease, right.prerelease);
}

/** A prerelease comes before its release; numbers come before words. */
function comparePrereleases(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return Math.sign(right.length - left.length);
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(part, other);
    if (order !== 0) return order;
  }
  return left.length < right.length ? -1 : 0;
}

function compareIdentifiers(left: string, right: string): number {
  if (left === right) return 0;
  const [isNumber, isOtherNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (isNumber && isOtherNumber) return BigInt(left) < BigInt(right) ? -1 : 1;
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return left < right ? -1 : 1;
}

/** Normalised versions may have a "v", fewer parts and leading zeros; only versions that need none of it are read. */
function parseNormalised(text: string, normalise: boolean): SemverValue | undefined {
  const version = readSemver(text);
  if (!version && normalise) throw new AbstainError('a version to normalise');
  return version;
}

const V = 'kubernetes.Semver';

export const semverFunctions: FunctionTable = {
  [`semver(string): ${V}`]: parse,
  [`semver(string, bool): ${V}`]: (text: string, normalise: boolean) => parseNormalised(text, normalise) ?? parse(text),
  'isSemver(string): bool': (text: string) => readSemver(text) !== undefined,
  'isSemver(string, bool): bool': (text: string, normalise: boolean) => parseNormalised(text, normalise) !== undefined,
  [`${V}.major(): int`]: ({ parts }: SemverValue) => parts[0],
  [`${V}.minor(): int`]: ({ parts }: SemverValue) => parts[1],
  [`${V}.patch(): int`]: ({ parts }: SemverValue) => parts[2],
  [`${V}.compareTo(${V}): int`]: (left: SemverValue, right: SemverValue) => BigInt(compareVersions(left, right)),
  [`${V}.isLessThan(${V}): bool`]: (left: SemverValue, right: SemverValue) => compareVersions(left, right) < 0,
  [`${V}.isGreaterThan(${V}): bool`]: (left: SemverValue, right: SemverValue) => compareVersions(left, right) > 0,
};
