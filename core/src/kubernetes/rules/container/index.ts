import { noContainers } from '#core/kubernetes/rules/container/POD01-no-containers.ts';
import { containerName } from '#core/kubernetes/rules/container/POD02-container-name.ts';
import { image } from '#core/kubernetes/rules/container/POD03-image.ts';
import { unsupportedValue } from '#core/kubernetes/rules/container/POD04-unsupported-value.ts';
import { portName } from '#core/kubernetes/rules/container/POD05-port-name.ts';
import { portNumber } from '#core/kubernetes/rules/container/POD06-port-number.ts';
import { hostPortTwice } from '#core/kubernetes/rules/container/POD08-host-port-twice.ts';
import { hostNetworkPort } from '#core/kubernetes/rules/container/POD09-host-network-port.ts';
import { envName } from '#core/kubernetes/rules/container/POD10-env-name.ts';
import { envSource } from '#core/kubernetes/rules/container/POD11-env-source.ts';
import { fieldRef } from '#core/kubernetes/rules/container/POD12-field-ref.ts';
import { resourceFieldRef } from '#core/kubernetes/rules/container/POD13-resource-field-ref.ts';
import { keyRef } from '#core/kubernetes/rules/container/POD14-key-ref.ts';
import { envFrom } from '#core/kubernetes/rules/container/POD15-env-from.ts';
import { mountedVolumeMissing } from '#core/kubernetes/rules/container/POD16-mounted-volume-missing.ts';
import { mountPath } from '#core/kubernetes/rules/container/POD17-mount-path.ts';
import { subPath } from '#core/kubernetes/rules/container/POD18-sub-path.ts';
import { mountPropagation } from '#core/kubernetes/rules/container/POD19-mount-propagation.ts';
import { recursiveReadOnly } from '#core/kubernetes/rules/container/POD20-recursive-read-only.ts';
import { volumeDevice } from '#core/kubernetes/rules/container/POD21-volume-device.ts';
import { resourceName } from '#core/kubernetes/rules/container/POD22-resource-name.ts';
import { resourceAmount } from '#core/kubernetes/rules/container/POD23-resource-amount.ts';
import { requestAboveLimit } from '#core/kubernetes/rules/container/POD24-request-above-limit.ts';
import { fixedResources } from '#core/kubernetes/rules/container/POD25-fixed-resources.ts';
import { resourceClaim } from '#core/kubernetes/rules/container/POD26-resource-claim.ts';
import { podResources } from '#core/kubernetes/rules/container/POD27-pod-resources.ts';
import { initContainer } from '#core/kubernetes/rules/container/POD28-init-container.ts';
import { containerRestartPolicy } from '#core/kubernetes/rules/container/POD29-container-restart-policy.ts';
import { lifecycleHook } from '#core/kubernetes/rules/container/POD30-lifecycle-hook.ts';
import { probeAction } from '#core/kubernetes/rules/container/POD31-probe-action.ts';
import { probeTiming } from '#core/kubernetes/rules/container/POD32-probe-timing.ts';
import { envNameTwice } from '#core/kubernetes/rules/container/WRN01-env-name-twice.ts';
import { portsOverlap } from '#core/kubernetes/rules/container/WRN02-ports-overlap.ts';
import { fractionalBytes } from '#core/kubernetes/rules/container/WRN03-fractional-bytes.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** Rules about the containers of a pod. */
export const containerRules: readonly Rule[] = [
  noContainers,
  containerName,
  image,
  unsupportedValue,
  portName,
  portNumber,
  hostPortTwice,
  hostNetworkPort,
  envName,
  envSource,
  fieldRef,
  resourceFieldRef,
  keyRef,
  envFrom,
  mountedVolumeMissing,
  mountPath,
  subPath,
  mountPropagation,
  recursiveReadOnly,
  volumeDevice,
  resourceName,
  resourceAmount,
  requestAboveLimit,
  fixedResources,
  resourceClaim,
  podResources,
  initContainer,
  containerRestartPolicy,
  lifecycleHook,
  probeAction,
  probeTiming,
  envNameTwice,
  portsOverlap,
  fractionalBytes,
];
