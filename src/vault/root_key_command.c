/*-------------------------------------------------------------------------
 *
 * root_key_command.c
 *	  Root keys from what a shell command writes to its standard output.
 *
 * The postmaster runs it while the server starts, so it must end: it has no
 * terminal to ask at, and when its time is over it is killed, with what it has
 * started, as its process group is its own.  Its messages, on standard error,
 * go where the server's own go.
 *
 * The postmaster blocks signals at that time.  The command gets none blocked or
 * ignored, and its end is awaited here, before the postmaster's handler looks
 * for the processes that it knows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "portability/instr_time.h"

#include "vault/root_key_text.h"

#define TIMEOUT_SECONDS 30
#define CHECK_INTERVAL	10		/* of its end, in milliseconds */

static const char hint_command[] =
"Correct customers.key_command and restart the server. What the command wrote to standard error is in the server log.";
static const char hint_output[] =
"Each line must be one key of 64 hexadecimal digits, as make key FILE=path writes it. Correct what customers.key_command writes and restart the server.";

/* A command that runs. */
typedef struct KeyCommand
{
	pid_t		process;
	int			output;			/* what it writes is read from here */
	instr_time	start;
} KeyCommand;

/* configure sets how the command is to be started; returns an errno. */
static int
configure(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int output)
{
	sigset_t	none;
	sigset_t	all;
	int			error;

	sigemptyset(&none);
	sigfillset(&all);
	if ((error = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)) == 0 &&
		(error = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO)) == 0 &&
		(error = posix_spawnattr_setpgroup(attributes, 0)) == 0 &&
		(error = posix_spawnattr_setsigmask(attributes, &none)) == 0 &&
		(error = posix_spawnattr_setsigdefault(attributes, &all)) == 0)
		error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP |
										 POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return error;
}

/* spawn starts the command with its output going to a file; returns an errno. */
static int
spawn(const char *command, int output, pid_t *process)
{
	char	   *arguments[] = {"sh", "-c", unconstify(char *, command), NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int			error;

	if ((error = posix_spawn_file_actions_init(&actions)) != 0)
		return error;
	if ((error = posix_spawnattr_init(&attributes)) == 0)
	{
		error = configure(&actions, &attributes, output);
		if (error == 0)
			error = posix_spawn(process, "/bin/sh", &actions, &attributes, arguments, environ);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* start starts the command; returns an errno. */
static int
start(KeyCommand *running, const char *command)
{
	int			ends[2];
	int			error;

	if (pipe(ends) != 0)
		return errno;
	INSTR_TIME_SET_CURRENT(running->start);
	if (fcntl(ends[0], F_SETFD, FD_CLOEXEC) != 0 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) != 0)
		error = errno;
	else
		error = spawn(command, ends[1], &running->process);
	close(ends[1]);
	if (error != 0)
		close(ends[0]);
	running->output = ends[0];
	return error;
}

/* time_left is how many milliseconds the command still has; 0 for none. */
static int
time_left(const KeyCommand *running)
{
	instr_time	now;

	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_SUBTRACT(now, running->start);
	return Max(0, TIMEOUT_SECONDS * 1000 - (int) INSTR_TIME_GET_MILLISEC(now));
}

/* read_output reads until there is no more; false if that takes too long. */
static bool
read_output(const KeyCommand *running, KeyText *text, int *error)
{
	struct pollfd ready = {.fd = running->output,.events = POLLIN};

	for (;;)
	{
		int			left = time_left(running);

		if (left == 0)
			return false;
		if (poll(&ready, 1, left) > 0 && !read_key_text(text, running->output, error))
			return true;
	}
}

/* await waits for the command's end; false if that takes too long. */
static bool
await(const KeyCommand *running, int *status, int *error)
{
	for (;;)
	{
		pid_t		ended = waitpid(running->process, status, WNOHANG);

		if (ended < 0 && errno != EINTR)
			*error = errno;
		if (ended > 0 || *error != 0)
			return true;
		if (time_left(running) == 0)
			return false;
		pg_usleep(CHECK_INTERVAL * 1000);
	}
}

/* stop kills the command and what it has started. */
static void
stop(const KeyCommand *running)
{
	int			status;

	kill(-running->process, SIGKILL);
	while (waitpid(running->process, &status, 0) < 0 && errno == EINTR)
		;
}

/* finish reads the command's output, sees it end and decodes the keys. */
static int
finish(const KeyCommand *running, KeyText *text, unsigned char *keys, KeySourceFault *fault)
{
	int			status = 0;
	int			error = 0;
	bool		in_time = read_output(running, text, &error);
	bool		whole = in_time && error == 0 && text->length <= KEY_TEXT_MAX;

	if (whole)
		in_time = await(running, &status, &error);
	if (!whole || !in_time)
		stop(running);

	if (!in_time)
		return refuse_key_source(fault, hint_command,
								 "The key command did not end within %d seconds and was killed.",
								 TIMEOUT_SECONDS);
	if (error != 0)
		return refuse_key_source(fault, hint_command,
								 "The output of the key command could not be read: %s.",
								 strerror(error));
	if (status != 0)
		return refuse_key_source(fault, hint_command, "The key command failed: %s.",
								 wait_result_to_str(status));
	return decode_key_text(text, keys, "output of the key command", hint_output, fault);
}

int
run_key_command(const char *command, unsigned char *keys, KeySourceFault *fault)
{
	KeyCommand	running;
	KeyText		text;
	int			error;
	int			count;

	if (!open_key_text(&text))
		return refuse_key_source(fault, hint_command,
								 "There is no guarded memory to read root keys into: %s.",
								 strerror(errno));
	if ((error = start(&running, command)) != 0)
		count = refuse_key_source(fault, hint_command, "The key command could not be started: %s.",
								  strerror(error));
	else
	{
		count = finish(&running, &text, keys, fault);
		close(running.output);
	}
	close_key_text(&text);
	return count;
}
