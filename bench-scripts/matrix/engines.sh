# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # the variables of matrix.sh, which sources this
# What runs the jobs: GNU parallel here and over ssh, or a SLURM job array. Each job is matrix/job.sh with a line of
# DIR/todo; what became of it is in its folder, whatever the engine says.

# The same few figures on every machine.
probe='allocs=null,delay,control,kmalloc,vmalloc sizes=64,4K samples=200'

check_engine() {
	[ -z "$list" ] || return 0
	if [ -n "$slurm" ]; then
		have sbatch srun sinfo scancel || cannot "--slurm: sbatch, srun, sinfo or scancel is not here: Debian's package slurm-client has them"
	else
		need parallel setpriv
	fi
	[ -z "$logins" ] || need ssh rsync
}

# job_command TODO N [SUITE]: the command of a job, as a shell on its machine takes it.
job_command() {
	quoted "$tree/bench-scripts/matrix/job.sh" --limit "$limit" --suite "${3-suite}"
	printf ' %s %s' "$1" "$2"
}

# parallel_over LOGINS TODO SUITE WORD...: its lines as jobs, in the current folder. Jobs of a machine that dies are tried
# elsewhere. parallel shall not outlive us, nor its jobs parallel.
parallel_over() {
	local over="$1" todo="$2" plan_of="$3"
	shift 3
	cut -f 1 "$todo" | awk -v OFS='\t' '{ print NR, $0 }' >"$tmp/numbered"
	[ -z "$over" ] || set -- --sshlogin "$over" --workdir ... --transferfile "$todo" --transferfile "$plan_of" --return '{2}' --cleanup \
		--retries 3 "$@"
	setpriv --pdeathsig KILL parallel --will-cite --no-run-if-empty --colsep '\t' -a "$tmp/numbered" --jobs "$jobs" "$@" \
		"exec setpriv --pdeathsig TERM $(job_command "$todo" '{1}' "$plan_of")" &
	wait "$!"
}

# with_parallel: here, or on the machines of --sshlogin.
with_parallel() {
	local at_once="$jobs" over=''
	if [ -n "$logins" ]; then
		ask_machines "$(printf '%s' "$logins" | tr ',' '\n')" ask_login
		at_once=$((jobs * $(grep -c . "$tmp/answered")))
		over=$(paste -s -d , "$tmp/answered")
	fi
	mkfifo "$tmp/progress"
	awk -f "$scripts/matrix/progress.awk" -v total="$(grep -c . todo)" -v at_once="$at_once" <"$tmp/progress" >&2 &
	parallel_over "$over" todo suite --joblog joblog >"$tmp/progress" || :
	wait
}

# array_name: of this folder, so that nobody else's array is taken for ours.
array_name() {
	printf 'kallocbench-%s' "$(printf '%s' "$out" | sha256sum | cut -c 1-12)"
}

# end_array: ours, also one that an earlier matrix.sh left when it was killed.
end_array() {
	scancel --name "$(array_name)" --user "$(id -un)"
}

# write_slurm: the script of the array.
write_slurm() {
	cat <<END
#!/bin/sh
#SBATCH --job-name=$(array_name)
#SBATCH --requeue
#SBATCH --output=slurm-%a.log
cd -- $(quoted "$out") || exit
exec $(job_command todo "\$SLURM_ARRAY_TASK_ID")
END
}

# on_slurm: the array, until all of it has ended. That a job failed says its folder.
on_slurm() {
	local word nodes others
	# A node that is down would be waited for.
	nodes=$(sinfo -h -N -r -t idle,mixed,allocated,completing -o %N) || cannot "--slurm: no controller answers: see message above"
	[ -n "$nodes" ] || cannot "--slurm: no node is up: sinfo says which are down"
	ask_machines "$(printf '%s\n' "$nodes" | sort -u)" ask_node
	others=$(sinfo -h -N -o %N | sort -u | grep -v -x -F -f "$tmp/answered" | paste -s -d ,)
	end_array
	write_slurm >slurm.sh
	set -- --wait --parsable --array "1-$(grep -c . todo)" --chdir "$out" --cpus-per-task "$smp" ${others:+--exclude "$others"}
	printf '%s' "$slurm_args" >"$tmp/slurm_args"
	while IFS= read -r word; do
		set -- "$@" "$word"
	done <"$tmp/slurm_args"
	note "submitting slurm.sh; squeue and sacct show its progress"
	trap 'end_array; exit 130' INT TERM HUP
	with_us sbatch "$@" slurm.sh >"$tmp/slurm_id" || :
	trap 'exit 130' INT TERM HUP
	[ -s "$tmp/slurm_id" ] || cannot "sbatch submitted nothing: see message above"
}

# ask_login TODO LOGIN
ask_login() {
	parallel_over "$2" "$1" machines/suite --retries 1 >"$tmp/asked" 2>&1
}

# ask_node TODO NODE
ask_node() {
	sh -c "exec srun --quiet --nodelist $(quoted "$2") --nodes 1 --ntasks 1 --chdir $(quoted "$out") $(job_command "$1" 1 machines/suite)" \
		>"$tmp/asked" 2>&1
}

# ask_machines NAMES COMMAND: the probe on each, which has to count the same on all that answer: $tmp/answered.
ask_machines() {
	local name folder first='' hash rest
	mkdir -p machines
	printf '%s\n' "$probe" >machines/suite
	IFS='	' read -r _ hash rest <./jobs
	hash=$(printf '%s %s' "$hash" "$probe" | sha256sum | cut -c 1-64)
	printf '%s\n' "$1" >"$tmp/machines"
	: >"$tmp/answered"
	while IFS= read -r name <&6; do
		folder=machines/$(folder_name "$name")
		printf '%s\t%s\t%s\t1\t1\t%s\t%s\t\n' "$folder" "$hash" "${rest%%	*}" "$mem" "$settle" >"$folder.todo"
		if [ "$(cat -- "$folder/made" 2>/dev/null)" != "$hash" ]; then
			rm -rf -- "$folder"
			"$2" "$folder.todo" "$name" || :
		fi
		if [ ! -f "$folder/made" ]; then
			note "machine $name is left out: $(sed -n 2p "$folder/failed" 2>/dev/null || tail -n 1 "$tmp/asked")"
			continue
		fi
		printf '%s\n' "$name" >>"$tmp/answered"
		first=${first:-$folder}
		same_result "$first/boot-1/result-01.txt" "$folder/boot-1/result-01.txt" ||
			cannot "machines $name and ${first#machines/} count differently: compare $out/$first and $out/$folder"
	done 6<"$tmp/machines"
	[ -n "$first" ] || cannot "no machine answers"
	note "$(grep -c . "$tmp/answered") of $(grep -c . "$tmp/machines") machines answer, and count alike"
}
