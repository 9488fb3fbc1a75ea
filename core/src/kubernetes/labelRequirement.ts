/**
 * Whether the value of a label, undefined when there is no such label, meets a requirement of a selector; undefined when the operator is
 * none. Source: k8s.io/apimachinery pkg/labels.
 */
export function meetsRequirement(
  operator: string | undefined,
  values: readonly (string | undefined)[],
  value: string | undefined,
): boolean | undefined {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return undefined;
  }
}
