// Which releases the catalogues are made of. Every minor between the first and the last is here, so that "since" and "removed" are right.

const artifact = (group, name, version, more = {}) => ({ group, name, version, ...more });

const kafka = (version) => ({
  version,
  artifacts: [
    artifact('org.apache.kafka', 'kafka_2.13', version),
    artifact('org.apache.kafka', 'connect-runtime', version),
  ],
});

const cassandra = (version) => ({ version, artifacts: [artifact('org.apache.cassandra', 'cassandra-all', version)] });

const SPARK_MODULES = [
  'core',
  'sql',
  'catalyst',
  'launcher',
  'network-common',
  'network-shuffle',
  'tags',
  'unsafe',
  'kvstore',
  'common-utils',
  'sql-api',
];

/** What the classes that declare settings need to be loaded; Spark whole would be ten times as much. */
const SPARK_COMPANIONS = [
  ['org.scala-lang', 'scala-library', '2.13.16'],
  ['org.scala-lang', 'scala-reflect', '2.13.16'],
  ['org.scala-lang.modules', 'scala-parallel-collections_2.13', '1.2.0'],
  ['org.slf4j', 'slf4j-api', '2.0.16'],
  ['org.apache.logging.log4j', 'log4j-api', '2.24.3'],
  ['org.apache.logging.log4j', 'log4j-core', '2.24.3'],
  ['org.apache.logging.log4j', 'log4j-slf4j2-impl', '2.24.3'],
  ['org.apache.commons', 'commons-lang3', '3.17.0'],
  ['com.google.guava', 'guava', '33.4.0-jre'],
  ['commons-io', 'commons-io', '2.18.0'],
  ['org.json4s', 'json4s-ast_2.13', '4.0.7'],
  ['org.json4s', 'json4s-core_2.13', '4.0.7'],
  ['com.thoughtworks.paranamer', 'paranamer', '2.8'],
  ['com.esotericsoftware', 'kryo-shaded', '4.0.2'],
  ['org.antlr', 'antlr4-runtime', '4.13.1'],
  ['org.apache.commons', 'commons-text', '1.13.0'],
  ['org.apache.ivy', 'ivy', '2.5.3'],
  ['org.apache.hadoop', 'hadoop-client-api', '3.4.1'],
  ['com.fasterxml.jackson.core', 'jackson-core', '2.18.2'],
  ['com.fasterxml.jackson.core', 'jackson-databind', '2.18.2'],
  ['com.fasterxml.jackson.core', 'jackson-annotations', '2.18.2'],
  ['com.fasterxml.jackson.module', 'jackson-module-scala_2.13', '2.18.2'],
  ['org.apache.parquet', 'parquet-common', '1.15.0'],
  ['org.apache.parquet', 'parquet-hadoop', '1.15.0'],
  ['org.apache.parquet', 'parquet-column', '1.15.0'],
];

const spark = (version, modules = []) => ({
  version,
  artifacts: [
    ...[...SPARK_MODULES, ...modules].map((name) => artifact('org.apache.spark', `spark-${name}_2.13`, version)),
    ...SPARK_COMPANIONS.map(([group, name, release]) => artifact(group, name, release)),
  ].map((each) => ({ ...each, isAlone: true })),
});

const IN_SPARK_4 = ['kubernetes', 'variant'];
const IN_SPARK_4_1 = [...IN_SPARK_4, 'common-utils-java'];

/** @type {Record<string, { program: string, releases: { version: string, artifacts: any[] }[] }>} */
export const sources = {
  kafka: {
    program: 'KafkaSettings',
    releases: ['3.7.2', '3.8.1', '3.9.2', '4.0.2', '4.1.2', '4.2.2', '4.3.1', '4.4.0'].map(kafka),
  },
  cassandra: { program: 'CassandraSettings', releases: ['3.11.19', '4.0.19', '4.1.10', '5.0.6'].map(cassandra) },
  spark: {
    program: 'SparkSettings',
    releases: [spark('3.5.8'), spark('4.0.2', IN_SPARK_4), spark('4.1.1', IN_SPARK_4_1), spark('4.2.0', IN_SPARK_4_1)],
  },
};
