import { noPorts } from '#core/kubernetes/rules/service/SVC01-no-ports.ts';
import { portName } from '#core/kubernetes/rules/service/SVC02-port-name.ts';
import { portNumber } from '#core/kubernetes/rules/service/SVC03-port-number.ts';
import { address } from '#core/kubernetes/rules/service/SVC04-address.ts';
import { fieldOfOtherType } from '#core/kubernetes/rules/service/SVC05-field-of-other-type.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** Rules about Services. */
export const serviceRules: readonly Rule[] = [noPorts, portName, portNumber, address, fieldOfOtherType];
