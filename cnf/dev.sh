# shellcheck shell=bash disable=SC2154
# Sourced by ./kite, which sets root and product: a server on the reactor's jars, in a network namespace of its own, that reloads a bundle when its jar is rebuilt.

dev_usage() {
  cat <<'END'
Usage: ./kite dev [flags of kite try]

Runs the product with the jars of bundles/*/target in place of its own. When one is rebuilt (mvn -Dquick -f bundles/kite.X/pom.xml package)
its bundle is updated in the running server, and with it exactly the bundles that are wired to it. The cluster is a trial: it ends with Ctrl-C and leaves nothing behind.
END
}

run_dev() {
  case ${1:-} in -h | --help) dev_usage; return 0 ;; esac
  [ "$(id -u)" = 0 ] || fail "dev needs root: it starts containers and sets up the network"
  local home=$root/target/dev jar name
  mkdir -p "$root/target"
  rm -rf "$home"
  cp -r "$root/distribution/target/image" "$home"
  for jar in "$root"/bundles/*/target/kite.*-SNAPSHOT.jar; do
    name=$(basename "$jar")
    [ ! -e "$home/lib/$name" ] || ln -sf "$jar" "$home/lib/$name"
  done
  say "running from the reactor; rebuild a bundle to reload it (mvn -q -Dquick -f bundles/kite.X/pom.xml package)"
  export KITE_HOME=$home KITE_DEV_BUNDLES=$root/bundles
  exec "$product" try "$@"
}
