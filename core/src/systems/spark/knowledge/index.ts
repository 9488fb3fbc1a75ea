import type { SystemKnowledge } from '#core/systems/contract.ts';
import { applicationSettings } from '#core/systems/spark/knowledge/application.ts';
import { kubernetesSettings } from '#core/systems/spark/knowledge/kubernetes.ts';
import { sqlSettings } from '#core/systems/spark/knowledge/sql.ts';
import { combineSettings } from '#core/systems/tables.ts';

const table = {
  name: 'Spark settings',
  documentation: 'https://spark.apache.org/docs/latest/configuration.html',
  entries: combineSettings(applicationSettings, kubernetesSettings, sqlSettings),
};

const kubeflow = 'sparkoperator.k8s.io';
const apache = 'spark.apache.org';

export const sparkKnowledge: SystemKnowledge = {
  freeForm: [
    { group: kubeflow, kind: 'SparkApplication', path: 'spec.sparkConf', table },
    { group: kubeflow, kind: 'ScheduledSparkApplication', path: 'spec.template.sparkConf', table },
    { group: kubeflow, kind: 'SparkConnect', path: 'spec.sparkConf', table },
    { group: apache, kind: 'SparkApplication', path: 'spec.sparkConf', table },
    { group: apache, kind: 'SparkCluster', path: 'spec.sparkConf', table },
  ],
  files: [{ name: 'spark-defaults.conf', format: 'options', table }],
  environments: [],
};
