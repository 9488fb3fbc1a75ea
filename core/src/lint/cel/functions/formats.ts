import { Optional } from '@marcbachmann/cel-js';
import type { FunctionTable } from '#core/lint/cel/functions/registration.ts';
import {
  checkDns1035Label,
  checkDnsLabel,
  checkDnsSubdomain,
  checkLabelValue,
  checkQualifiedName,
  type NameCheck,
} from '#core/kubernetes/names.ts';

/** A named form of texts: `format.dns1123Label()`. */
export class FormatValue {
  readonly check: NameCheck;

  constructor(check: NameCheck) {
    this.check = check;
  }
}

/** Namespace of the formats. */
export class FormatNamespace {
  readonly name = 'format';
}

/** A name that gets something appended may end with a dash. */
const asPrefix =
  (check: NameCheck): NameCheck =>
  (text) =>
    check(text.replace(/-$/, 'a'));

const FORMATS: Readonly<Record<string, NameCheck>> = {
  dns1123Label: checkDnsLabel,
  dns1123Subdomain: checkDnsSubdomain,
  dns1035Label: checkDns1035Label,
  qualifiedName: checkQualifiedName,
  dns1123LabelPrefix: asPrefix(checkDnsLabel),
  dns1123SubdomainPrefix: asPrefix(checkDnsSubdomain),
  dns1035LabelPrefix: asPrefix(checkDns1035Label),
  labelValue: checkLabelValue,
  uuid: (text) =>
    /^[\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12}$/i.test(text) ? undefined : 'is no UUID',
};

const FORMAT = 'kubernetes.Format';

export const formatFunctions: FunctionTable = {
  ...Object.fromEntries(
    Object.entries(FORMATS).map(([name, check]) => [
      `FormatNamespace.${name}(): ${FORMAT}`,
      (): FormatValue => new FormatValue(check),
    ]),
  ),
  [`${FORMAT}.validate(string): optional<list<string>>`]: ({ check }: FormatValue, text: string) => {
    const problem = check(text);
    return problem === undefined ? Optional.none() : Optional.of([problem]);
  },
};
