#!/bin/bash
# What Spark's own image does with the arguments that Spark gives it, for jars that are mounted.
set -euo pipefail
classpath='/opt/spark/conf:/opt/spark/job:/opt/spark/jars/*'
role=$1
shift

# begin OPTION...: Java with what Spark reaches into.
begin() {
  local opens=()
  for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
    java.util.concurrent.atomic sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
    opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
  done
  exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "${opens[@]}" -cp "$classpath" "$@"
}

case $role in
  driver)
    begin -Xmx512m org.apache.spark.deploy.SparkSubmit --deploy-mode client \
      --conf "spark.driver.bindAddress=${SPARK_DRIVER_BIND_ADDRESS:-0.0.0.0}" "$@"
    ;;
  executor)
    mapfile -t options < <(env | grep '^SPARK_JAVA_OPT_' | sort -t_ -k4 -n | sed 's/^[^=]*=//')
    begin "${options[@]}" "-Xms$SPARK_EXECUTOR_MEMORY" "-Xmx$SPARK_EXECUTOR_MEMORY" \
      org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
      --driver-url "$SPARK_DRIVER_URL" --executor-id "$SPARK_EXECUTOR_ID" --cores "$SPARK_EXECUTOR_CORES" \
      --app-id "$SPARK_APPLICATION_ID" --hostname "$SPARK_EXECUTOR_POD_IP" \
      --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" --podName "$SPARK_EXECUTOR_POD_NAME"
    ;;
  *)
    echo "Neither driver nor executor: $role" >&2
    exit 64
    ;;
esac
