/*-------------------------------------------------------------------------
 *
 * preload.c
 *	  A library of its own, whose only work is to start AddressSanitizer.
 *
 * That is loaded into a server which was built without it, and starts with
 * the first allocation.  It asks the linker for a symbol then, which takes a
 * lock of gettext's when there is none; libgpg-error's first allocation holds
 * this lock, and the server would wait for itself.  So this library, which
 * is linked to be initialised first, allocates before.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>

static void *volatile first;

__attribute__((constructor)) static void
allocate_first(void)
{
	first = malloc(1);
	free(first);
}
