import type { KnowledgeTable, ReservedSettings, SystemKnowledge } from '#core/systems/contract.ts';
import { applicationSettings } from '#core/systems/spark/knowledge/application.ts';
import { bitnamiVariables, scriptVariables } from '#core/systems/spark/knowledge/environment.ts';
import { hadoopSettings, sparkHadoopSettings } from '#core/systems/spark/knowledge/hadoop.ts';
import { kubernetesSettings } from '#core/systems/spark/knowledge/kubernetes.ts';
import { networkSettings } from '#core/systems/spark/knowledge/network.ts';
import { podSettings } from '#core/systems/spark/knowledge/pods.ts';
import { programSettings } from '#core/systems/spark/knowledge/programs.ts';
import { querySettings } from '#core/systems/spark/knowledge/queries.ts';
import { schedulingSettings } from '#core/systems/spark/knowledge/scheduling.ts';
import { shuffleSettings } from '#core/systems/spark/knowledge/shuffle.ts';
import { sqlSettings } from '#core/systems/spark/knowledge/sql.ts';
import { combineSettings } from '#core/systems/tables.ts';

const CONFIGURATION_PAGE = 'https://spark.apache.org/docs/latest/configuration.html';

const spark: KnowledgeTable = {
  name: 'Spark settings',
  documentation: CONFIGURATION_PAGE,
  catalogue: { system: 'spark', table: 'spark' },
  entries: combineSettings(
    applicationSettings,
    kubernetesSettings,
    schedulingSettings,
    shuffleSettings,
    sqlSettings,
    querySettings,
    programSettings,
    networkSettings,
    podSettings,
    sparkHadoopSettings,
  ),
};

/** Source: the settings that the webhook of the Kubeflow operator refuses in `sparkConf`, 2.5. */
const ownedByKubeflow: ReservedSettings = {
  prefixes: [
    'spark.master',
    'spark.kubernetes.driver.master',
    'spark.kubernetes.container.image',
    'spark.kubernetes.driver.container.image',
    'spark.kubernetes.executor.container.image',
    'spark.kubernetes.authenticate.driver.serviceAccountName',
    'spark.kubernetes.authenticate.executor.serviceAccountName',
    'spark.kubernetes.authenticate.oauthToken',
    'spark.kubernetes.authenticate.driver.oauthToken',
    'spark.kubernetes.authenticate.executor.oauthToken',
  ],
  except: [
    'spark.kubernetes.container.image.pullPolicy',
    'spark.kubernetes.container.image.pullSecrets',
    'spark.master.rest.enabled',
    'spark.master.rest.port',
    'spark.master.ui.port',
  ],
  reason: 'The operator sets it from other fields of the resource, and its webhook refuses a value here.',
};

const underKubeflow = { ...spark, name: 'Spark settings under the Kubeflow Spark Operator', reserved: ownedByKubeflow };

const hadoop: KnowledgeTable = { name: 'Hadoop settings', entries: combineSettings(hadoopSettings) };

const kubeflow = 'sparkoperator.k8s.io';
const apache = 'spark.apache.org';

const OWN_VERSION = ['spec.sparkVersion'];
const RUNTIME_VERSION = ['spec.runtimeVersions.sparkVersion'];

export const sparkKnowledge: SystemKnowledge = {
  freeForm: [
    { group: kubeflow, kind: 'SparkApplication', path: 'spec.sparkConf', table: underKubeflow, version: OWN_VERSION },
    {
      group: kubeflow,
      kind: 'ScheduledSparkApplication',
      path: 'spec.template.sparkConf',
      table: underKubeflow,
      version: ['spec.template.sparkVersion'],
    },
    { group: kubeflow, kind: 'SparkConnect', path: 'spec.sparkConf', table: underKubeflow, version: OWN_VERSION },
    { group: kubeflow, kind: 'SparkApplication', path: 'spec.hadoopConf', table: hadoop },
    { group: kubeflow, kind: 'ScheduledSparkApplication', path: 'spec.template.hadoopConf', table: hadoop },
    { group: kubeflow, kind: 'SparkConnect', path: 'spec.hadoopConf', table: hadoop },
    { group: apache, kind: 'SparkApplication', path: 'spec.sparkConf', table: spark, version: RUNTIME_VERSION },
    { group: apache, kind: 'SparkCluster', path: 'spec.sparkConf', table: spark, version: RUNTIME_VERSION },
  ],
  files: [{ name: 'spark-defaults.conf', format: 'options', table: spark }],
  environments: [
    {
      image: /(?:^|\/)bitnami(?:legacy)?\/spark(?::|@|$)/,
      table: {
        name: 'Variables of the image bitnami/spark',
        documentation: 'https://spark.apache.org/docs/latest/spark-standalone.html',
        entries: combineSettings(bitnamiVariables, scriptVariables),
      },
    },
    {
      image: /(?:^|\/)spark(?:-py|-r)?(?::|@|$)/,
      table: {
        name: "Variables of Spark's scripts",
        documentation: 'https://spark.apache.org/docs/latest/spark-standalone.html',
        entries: combineSettings(scriptVariables),
      },
    },
  ],
};
