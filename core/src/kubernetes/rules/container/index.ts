import { portName } from '#core/kubernetes/rules/container/POD05-port-name.ts';
import { mountedVolumeMissing } from '#core/kubernetes/rules/container/POD16-mounted-volume-missing.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** Rules about the containers of a pod. */
export const containerRules: readonly Rule[] = [portName, mountedVolumeMissing];
