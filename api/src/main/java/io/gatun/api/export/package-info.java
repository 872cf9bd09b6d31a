/** All that clients have saved, as one document: given out whole, taken in whole or not at all. */
package io.gatun.api.export;
