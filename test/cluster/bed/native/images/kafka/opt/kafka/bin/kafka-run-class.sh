#!/bin/bash
# Same name and effect as in the release archive. Starting is what takes the processor on a small machine, hence no C2.
# shellcheck disable=SC2086
exec java ${KAFKA_HEAP_OPTS:--Xmx128m} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
  "-Dlog4j2.configurationFile=${KAFKA_LOG4J:-/opt/kafka/config/tools-log4j2.properties}" \
  ${KAFKA_OPTS:-} -cp '/opt/kafka/libs/*' "$@"
