# shellcheck shell=bash disable=SC2154
# Sourced by ./kite, which sets root: the three tiers of tests.

test_usage() {
  cat <<'END'
Usage: ./kite test [--only PATTERN] [--module FOLDER] [--conformance [--shard I/N]] [--soak NAME]

Without flags: the gate. It builds everything with all checks, runs the unit tests, then the integration tests against the
packaged product, writes docs/behaviours.md, and ends with the counts. It takes at most 40 minutes.
END
}

run_tests() {
  local only='' module='' tier=gate name='' shard=1/1
  while [ $# -gt 0 ]; do
    case $1 in
      --only) only=$2; shift 2 ;;
      --module) module=$2; shift 2 ;;
      --conformance) tier=conformance; name=conformance; shift ;;
      --shard) shard=$2; shift 2 ;;
      --soak) tier=soak; name=$2; shift 2 ;;
      -h | --help) test_usage; return 0 ;;
      *) fail "unknown flag $1 for test; see ./kite test --help" 2 ;;
    esac
  done
  case $tier in
    gate) run_gate "$only" "$module" ;;
    *) run_long "$tier" "$name" "$shard" ;;
  esac
}

run_gate() {
  local options=() code=0
  [ -z "$1" ] || options+=("-Dtest=$1" -Dsurefire.failIfNoSpecifiedTests=false)
  [ -z "$2" ] || options+=(-pl "$2" -am)
  find "$root" -path '*/target/surefire-reports' -prune -exec rm -rf {} + 2>/dev/null || true
  find "$root" -path '*/target/behaviours.tsv' -delete 2>/dev/null || true
  if command -v shellcheck >/dev/null; then
    shellcheck -x "$root/kite" "$root"/cnf/*.sh "$root"/distribution/src/main/sh/*.sh || code=1
  else
    say "skipped: the scripts' check (there is no shellcheck)"
  fi
  say "building with all checks and running the gate (all output: target/maven.log)"
  maven verify --fail-at-end "${options[@]}" || code=1
  report || code=1
  [ $code = 0 ] || say "the gate failed"
  return $code
}

report() {
  local classes=$root/test-integration/target/classes
  [ -d "$classes" ] || { say "the build failed before the tests could run"; return 1; }
  "$JAVA_HOME/bin/java" -cp "$classes" dev.kite.test.report.TestReport "$root"
}

# A longer tier: the classes tagged for it, and results/NAME.json from what they found.
run_long() {
  local tier=$1 name=$2 shard=$3 code=0 module=test-integration
  local which=(-Dgroups="$name" -DexcludedGroups=)
  # Watches are driven beside the store, so that its history can be compacted at will.
  if [ "$name" = watch ]; then
    module=bundles/kite.apiserver
    which=(-Dtest=FidelityTest)
  fi
  say "building, then the $tier tier: $name (shard $shard)"
  find "$root" -path '*/target/surefire-reports' -prune -exec rm -rf {} + 2>/dev/null || true
  maven install -DskipTests -Dquick || return 1
  maven verify -pl "$module" "${which[@]}" -Dkite.shard="$shard" -Dkite.full=true || code=1
  "$JAVA_HOME/bin/java" -cp "$root/test-integration/target/classes:$(printf "%s:" "$root"/distribution/target/jars/jackson-*.jar)" dev.kite.test.report.LongRun "$root" "$name" "$shard" "$module" || code=1
  return $code
}
