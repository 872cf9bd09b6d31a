/** BFD as its watchers see it: sessions and their intervals. */
package io.gatun.api.bfd;
