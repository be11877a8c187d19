# shellcheck shell=sh disable=SC2154
# Sourced with $home set: replaces the shell by Java. A server's heap follows the machine's or cgroup's memory; commands start on C1 with little.
case ${command:-${1:-}} in
  # The heap starts small and shrinks again after a collection (which dev.kite.launcher.HeapPacing asks for), so that idle memory goes back to the machine.
  # A young generation of some size keeps what requests leave behind out of the old one; a bounded one is not as large as the old one once was.
  server | agent) options="-XX:+UseSerialGC -XX:MaxRAMPercentage=40 -Xms40m -XX:NewSize=24m -XX:MaxNewSize=64m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:-ShrinkHeapInSteps -Xss512k" ;;
  *) options="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xmx256m" ;;
esac
# Only Kite itself speaks to the service manager, not containerd and other children.
if [ -n "${NOTIFY_SOCKET:-}" ]; then
  KITE_NOTIFY_SOCKET=$NOTIFY_SOCKET
  export KITE_NOTIFY_SOCKET
  unset NOTIFY_SOCKET
fi
# Every user sees a process's arguments, only its owner sees its environment: secrets given as flags move there.
left=0
case ${command:-${1:-}} in server | agent) left=$# ;; esac
while [ "$left" -gt 0 ]; do
  argument=$1
  shift
  left=$((left - 1))
  case $argument in
    --token=* | -t=*) export K3S_TOKEN="${argument#*=}" ;;
    --agent-token=*) export K3S_AGENT_TOKEN="${argument#*=}" ;;
    --datastore-endpoint=*) export K3S_DATASTORE_ENDPOINT="${argument#*=}" ;;
    --token | -t | --agent-token | --datastore-endpoint)
      if [ "$left" -eq 0 ]; then set -- "$@" "$argument"; break; fi
      case $argument in
        --agent-token) export K3S_AGENT_TOKEN="$1" ;;
        --datastore-endpoint) export K3S_DATASTORE_ENDPOINT="$1" ;;
        *) export K3S_TOKEN="$1" ;;
      esac
      shift
      left=$((left - 1))
      ;;
    *) set -- "$@" "$argument" ;;
  esac
done
# shellcheck disable=SC2086
exec "$home/runtime/bin/java" $options -XX:+UseCompactObjectHeaders -XX:-UsePerfData --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow ${KITE_JAVA_OPTIONS:-} -Dkite.home="$home" -Djava.util.logging.config.file="$home/logging.properties" -cp "@CLASSPATH@" dev.kite.launcher.Main "$@"
