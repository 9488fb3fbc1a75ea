import { isHarmlessName, isSecretName, isSecretText, MASK } from '#core/live/helm/secrecy.ts';
import { isUntrustedObject, textAt, type UntrustedObject } from '#core/live/reading.ts';

/** Stands where a secret is not shown that another revision has otherwise. */
export const CHANGED_MASK = `${MASK} (changed)`;

const MAX_DEPTH = 100;

export interface MaskedValues {
  readonly values: UntrustedObject;
  /** How many were hidden. */
  readonly hidden: number;
}

/**
 * Values with everything that looks like a secret hidden. With `before`, the values of another revision, a secret that has changed says so
 * without being shown.
 */
export function maskValues(values: UntrustedObject, before?: UntrustedObject): MaskedValues {
  const masker = new Masker(before !== undefined);
  const masked = masker.mask(values, before, false, 0);
  return { values: isUntrustedObject(masked) ? masked : {}, hidden: masker.hidden };
}

class Masker {
  hidden = 0;
  private readonly compares: boolean;

  constructor(compares: boolean) {
    this.compares = compares;
  }

  /** `isSecret`: what stands above it says that everything below is a secret. */
  mask(value: unknown, before: unknown, isSecret: boolean, depth: number): unknown {
    if (depth > MAX_DEPTH) return this.hide(value, before);
    if (Array.isArray(value)) {
      const other: readonly unknown[] = Array.isArray(before) ? before : [];
      return value.map((item, index) => this.mask(item, other[index], isSecret, depth + 1));
    }
    if (isUntrustedObject(value)) return this.maskObject(value, before, isSecret, depth);
    const hides = isSecret ? isSecretKind(value) : typeof value === 'string' && isSecretText(value);
    return hides ? this.hide(value, before) : value;
  }

  /** A variable of a container has its name beside its value. */
  private maskObject(value: UntrustedObject, before: unknown, isSecret: boolean, depth: number): UntrustedObject {
    const other = isUntrustedObject(before) ? before : {};
    const names = isSecretName(textAt(value, 'name')) && 'value' in value;
    const entries = Object.entries(value).map(([key, below]): [string, unknown] => {
      const isOwn = isSecretName(key) || (isSecret && !isHarmlessName(key)) || (names && key === 'value');
      return [key, this.mask(below, other[key], isOwn, depth + 1)];
    });
    return Object.fromEntries(entries);
  }

  private hide(value: unknown, before: unknown): string {
    this.hidden++;
    const isChanged = this.compares && JSON.stringify(value) !== JSON.stringify(before);
    return isChanged ? CHANGED_MASK : MASK;
  }
}

/** Switches and empty texts under a name of secrets tell nothing. */
function isSecretKind(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
