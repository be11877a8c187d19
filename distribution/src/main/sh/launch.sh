# Sourced with $home set: replaces the shell by Java. A server's heap follows the machine's or cgroup's memory; commands start on C1 with little.
case ${1:-} in
  server | agent) options="-XX:+UseSerialGC -XX:MaxRAMPercentage=40 -Xss512k" ;;
  *) options="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xmx256m" ;;
esac
# Only Kite itself speaks to the service manager, not containerd and other children.
if [ -n "${NOTIFY_SOCKET:-}" ]; then
  KITE_NOTIFY_SOCKET=$NOTIFY_SOCKET
  export KITE_NOTIFY_SOCKET
  unset NOTIFY_SOCKET
fi
# shellcheck disable=SC2086
exec "$home/runtime/bin/java" $options -XX:+UseCompactObjectHeaders -XX:-UsePerfData --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow ${KITE_JAVA_OPTIONS:-} -Dkite.home="$home" -Djava.util.logging.config.file="$home/logging.properties" -cp "@CLASSPATH@" dev.kite.launcher.Main "$@"
