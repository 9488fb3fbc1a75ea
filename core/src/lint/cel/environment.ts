import { Environment } from '@marcbachmann/cel-js';
import { addressFunctions, CidrValue, IpNamespace, IpValue } from '#core/lint/cel/functions/address.ts';
import { FormatNamespace, formatFunctions, FormatValue } from '#core/lint/cel/functions/formats.ts';
import { listFunctions, SetsNamespace } from '#core/lint/cel/functions/lists.ts';
import { quantityFunctions, QuantityValue } from '#core/lint/cel/functions/quantity.ts';
import { registerAll } from '#core/lint/cel/functions/registration.ts';
import { semverFunctions, SemverValue } from '#core/lint/cel/functions/semver.ts';
import { textFunctions } from '#core/lint/cel/functions/text.ts';
import { urlFunctions, UrlValue } from '#core/lint/cel/functions/url.ts';

/** Limits of one rule; the server's own limit is the cost, which rules with far fewer parts reach. */
const LIMITS = { maxAstNodes: 1_000, maxDepth: 60, maxListElements: 1_000, maxMapEntries: 1_000, maxCallArguments: 16 };

/** The types that Kubernetes adds, by the names that signatures use. */
const TYPES = {
  'kubernetes.Quantity': QuantityValue,
  'kubernetes.URL': UrlValue,
  'kubernetes.Format': FormatValue,
  'kubernetes.Semver': SemverValue,
  'net.IP': IpValue,
  'net.CIDR': CidrValue,
  SetsNamespace,
  IpNamespace,
  FormatNamespace,
} as const;

/** The language of conditions: CEL with the functions of Kubernetes. */
export function makeEnvironment(): Environment {
  const environment = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits: LIMITS,
  });
  environment.registerVariable('self', 'dyn').registerVariable('oldSelf', 'dyn');
  for (const [name, constructor] of Object.entries(TYPES)) environment.registerType(name, constructor);
  environment
    .registerConstant('sets', 'SetsNamespace', new SetsNamespace())
    .registerConstant('ip', 'IpNamespace', new IpNamespace())
    .registerConstant('format', 'FormatNamespace', new FormatNamespace());
  for (const table of [
    textFunctions,
    listFunctions,
    quantityFunctions,
    addressFunctions,
    urlFunctions,
    semverFunctions,
    formatFunctions,
  ]) {
    registerAll(environment, table);
  }
  return addEquality(environment);
}

function addEquality(environment: Environment): Environment {
  return environment
    .registerOperator(
      'kubernetes.Quantity == kubernetes.Quantity',
      (left: QuantityValue, right: QuantityValue) => left.amount === right.amount,
    )
    .registerOperator(
      'net.IP == net.IP',
      (left: IpValue, right: IpValue) => left.bits === right.bits && left.value === right.value,
    )
    .registerOperator(
      'net.CIDR == net.CIDR',
      (left: CidrValue, right: CidrValue) =>
        left.ip.bits === right.ip.bits && left.ip.value === right.ip.value && left.prefix === right.prefix,
    );
}
