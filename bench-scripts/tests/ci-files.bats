#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The files for hosted CI: YAML that says what it should, with options ci.sh knows.

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	python=/usr/bin/python3
}

# load_yaml FILE EXPRESSION: of the parsed file, as y.
load_yaml() {
	"$python" -c 'import sys, yaml; y = yaml.safe_load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}

@test "github: one job whose steps run ci.sh and keep the summary even when it fails" {
	run load_yaml ci-files/github.yml '[s.get("run") or s["uses"] for s in y["jobs"]["gate"]["steps"]]'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"bench-scripts/ci.sh --base 6.1 --new 6.12 --out out"* ]]
	[[ "$output" == *GITHUB_STEP_SUMMARY* ]]
	# YAML 1.1 reads the key `on` as true.
	[ "$(load_yaml ci-files/github.yml '"pull_request" in y[True]')" = True ]
	[ "$(load_yaml ci-files/github.yml '[s.get("if") for s in y["jobs"]["gate"]["steps"]][-2:]')" = "['always()', 'always()']" ]
}

@test "gitlab: the job keeps its verdict as a JUnit report even when it fails" {
	[ "$(load_yaml ci-files/gitlab.yml 'y["kallocbench"]["script"][-1]')" = "bench-scripts/ci.sh --base 6.1 --new 6.12 --out out" ]
	[ "$(load_yaml ci-files/gitlab.yml 'y["kallocbench"]["artifacts"]["when"]')" = always ]
	[ "$(load_yaml ci-files/gitlab.yml 'y["kallocbench"]["artifacts"]["reports"]["junit"]')" = out/verdict/verdict.xml ]
}

@test "every option they give is one of ci.sh" {
	grep -ho -e '--[a-z-]*' ci-files/*.yml | sort -u | grep -vx -e --no-install-recommends >"$BATS_TEST_TMPDIR/options"
	[ -s "$BATS_TEST_TMPDIR/options" ]
	./ci.sh -h >"$BATS_TEST_TMPDIR/usage"
	while read -r option; do
		grep -q -E -e "(^|[[:space:],|[])$option([][:space:],|]|\$)" "$BATS_TEST_TMPDIR/usage" || {
			echo "ci.sh does not know $option"
			return 1
		}
	done <"$BATS_TEST_TMPDIR/options"
}
