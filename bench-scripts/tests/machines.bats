#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# slow
# shellcheck disable=SC2030,SC2031 # each test has its own status and output
# One series of real guests three times: here, on two ssh logins through GNU parallel, and on two nodes of a SLURM of our
# own, all on the loopback. The results are the same bytes, and a machine that dies costs its jobs only.

bats_require_minimum_version 1.5.0

load process.bash

setup_file() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	export scripts work=$BATS_FILE_TMPDIR
	: >"$work/pids"
	matrix here || { cat "$work/here.log"; return 1; }
	[ "$(find "$work/here" -name made | wc -l)" -eq 6 ]
}

teardown_file() {
	stop
}

setup() {
	: >"$work/pids"
}

teardown() {
	stop
}

# stop: what this test started, and what that did.
stop() {
	local pid
	while read -r pid; do
		end_tree "$pid"
	done <"$work/pids"
	: >"$work/pids"
}

# end_tree PID: a process and all below it, at once, as a machine that loses its power: nobody sees another one end.
end_tree() {
	local child
	kill -STOP "$1" 2>/dev/null || :
	for child in $(ps -o pid= --ppid "$1"); do
		end_tree "$child"
	done
	kill -KILL "$1" 2>/dev/null || :
}

# matrix NAME WORD...: the series into $work/NAME; what it says is in $work/NAME.log.
matrix() {
	local name=$1
	shift
	"$scripts/matrix.sh" -o "$work/$name" -j 1 --phases 2 --suite 'allocs=kmalloc,vmalloc sizes=64,4K samples=500 rounds=2' \
		"$@" 6.1 6.12 7.3 >"$work/$name.log" 2>&1 3>&-
}

# same_bytes NAME: all results are there, those of the series here, but for what names the day and the machine.
same_bytes() {
	local file n=0
	while read -r file; do
		diff <(grep -v '^meta ' "$work/here/$file") <(grep -v '^meta ' "$work/$1/$file")
		n=$((n + 1))
	done < <(cd "$work/here" && find amd64 -name 'result-*.txt')
	# A boot leaves two: the suite's line, and the module's own.
	[ "$n" -eq 18 ]
}

# made_by NAME: how many results each machine made, as "n1 5".
made_by() {
	grep -r -h '^meta host=' "$work/$1/amd64" | sed 's/meta host=//' | sort | uniq -c | awk '{ print $2, $1 }'
}

# machine NAME PORT: an sshd of its own, which only the key of this test opens.
machine() {
	mkdir -p /run/sshd
	ssh-keygen -q -t ed25519 -N '' -f "$work/$1.host"
	cat >>"$work/ssh.conf" <<-END
		Host $1
		HostName 127.0.0.1
		Port $2
		IdentityFile $work/key
		StrictHostKeyChecking no
		UserKnownHostsFile /dev/null
		LogLevel ERROR
		ConnectTimeout 5
	END
	/usr/sbin/sshd -D -f /dev/null -p "$2" -h "$work/$1.host" -o PidFile=none -o AuthorizedKeysFile="$work/key.pub" \
		-o StrictModes=no -o UsePAM=no -o PermitRootLogin=yes -o ListenAddress=127.0.0.1 >"$work/$1.log" 2>&1 3>&- &
	echo $! >>"$work/pids"
	echo $! >"$work/$1.pid"
}

logins() {
	rm -f "$work"/key* "$work"/m?.host* "$work/ssh.conf"
	ssh-keygen -q -t ed25519 -N '' -f "$work/key"
	machine m1 "$((20000 + $$ % 10000))"
	machine m2 "$((30000 + $$ % 10000))"
	export PARALLEL_SSH="ssh -F $work/ssh.conf"
}

# slurm: a controller and two nodes.
slurm() {
	local port=$((20000 + $$ % 10000))
	rm -rf "$work/slurm"
	mkdir -p "$work/slurm/state" "$work/slurm/n1" "$work/slurm/n2"
	cat >"$work/slurm/slurm.conf" <<-END
		ClusterName=kallocbench
		SlurmctldHost=$(uname -n)(127.0.0.1)
		SlurmctldPort=$port
		SlurmUser=root
		SlurmdUser=root
		AuthType=auth/none
		AuthInfo=cred_expire=10
		CredType=cred/none
		StateSaveLocation=$work/slurm/state
		SlurmdSpoolDir=$work/slurm/%n
		SlurmctldPidFile=$work/slurm/ctld.pid
		SlurmdPidFile=$work/slurm/%n.pid
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		SelectType=select/linear
		SwitchType=switch/none
		MpiDefault=none
		ReturnToService=2
		SlurmdTimeout=15
		SchedulerParameters=sched_interval=2
		NodeName=n1 NodeAddr=127.0.0.1 NodeHostname=$(uname -n) Port=$((port + 1)) CPUs=1
		NodeName=n2 NodeAddr=127.0.0.1 NodeHostname=$(uname -n) Port=$((port + 2)) CPUs=1
		PartitionName=p Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
	END
	export SLURM_CONF=$work/slurm/slurm.conf
	daemon ctld slurmctld -D
	daemon n1 slurmd -D -N n1
	daemon n2 slurmd -D -N n2
	until [ "$(sinfo -h -N -o '%N %T' 2>/dev/null | grep -c idle)" = 2 ]; do
		kill -0 "$(cat "$work/ctld.pid")" || return 1
		sleep 0.5
	done
}

# daemon NAME COMMAND...
daemon() {
	local name=$1
	shift
	"$@" >"$work/slurm/$name.log" 2>&1 3>&- &
	echo $! >>"$work/pids"
	echo $! >"$work/$name.pid"
}

# on_node NODE: the shepherds of its jobs, which its daemon keeps no hold of when it dies.
on_node() {
	local job
	grep -l -z -x -F "SLURMD_NODENAME=$1" /proc/[0-9]*/environ 2>/dev/null | grep -o '[0-9]*' | while read -r job; do
		! tr '\0' '\n' <"/proc/$job/environ" 2>/dev/null | grep -q -x -F "SLURM_CONF=$SLURM_CONF" || ps -o ppid= -p "$job"
	done | while read -r job; do
		! ps -o args= -p "$job" | grep -q '^slurmstepd: ' || echo "$job"
	done | sort -u
}

# measures NAME HOST PID: waits until a job of the array runs there: something but the probe is booting.
measures() {
	until grep -q "of 6, " "$work/$1.log" || [ -n "$(find "$work/$1" -path '*/amd64/*' -name made 2>/dev/null)" ]; do
		kill -0 "$2" || return 1
		sleep 0.2
	done
}

@test "through two ssh logins: the same bytes, and both made some" {
	logins
	matrix ssh --sshlogin m1,m2 || { cat "$work/ssh.log"; false; }
	same_bytes ssh
	made_by ssh
	[ "$(made_by ssh | wc -l)" -eq 2 ]
	grep -q '2 of 2 machines answer, and count alike' "$work/ssh.log"
	[ "$(awk 'NR > 1 && $7 == 0' "$work/ssh/joblog" | wc -l)" -eq 6 ]
}

@test "a login that dies in the middle costs its jobs only" {
	logins
	matrix dying --sshlogin m1,m2 &
	pid=$!
	echo "$pid" >>"$work/pids"
	measures dying "$pid"
	end_tree "$(cat "$work/m2.pid")"
	wait "$pid" || { cat "$work/dying.log"; false; }
	same_bytes dying
	made_by dying
	cat "$work/dying/joblog"
	[ "$(made_by dying | awk '$1 == "m1" { print $2 }')" -ge 10 ]
}

@test "as a SLURM array on two nodes: the same bytes, and both made some" {
	slurm
	matrix slurm --slurm || { cat "$work/slurm.log" "$work"/slurm/*.log; false; }
	same_bytes slurm
	made_by slurm
	[ "$(made_by slurm | wc -l)" -eq 2 ]
}

@test "a node that dies in the middle costs its jobs only" {
	slurm
	matrix failing --slurm &
	pid=$!
	echo "$pid" >>"$work/pids"
	measures failing "$pid"
	until lost=$(squeue -h -w n2 -t RUNNING -o %i) && [ -n "$lost" ]; do
		kill -0 "$pid"
		sleep 0.2
	done
	victims=$(on_node n2)
	[ -n "$victims" ]
	for victim in $(cat "$work/n2.pid") $victims; do
		end_tree "$victim"
	done
	wait "$pid" || { cat "$work/failing.log"; false; }
	same_bytes failing
	made_by failing
	echo "lost: $lost"
	[ "$(made_by failing | awk '$1 == "n1" { print $2 }')" -ge 10 ]
}
