/**
 * The JSON of loxilb's REST API as records, named as the wire names them (contract sections 1.3, 2 and 3.1). Readers are
 * tolerant (any case of property names, unknown properties, null arrays), writers are exact: the clients' types are
 * fixed, so a number stays a number.
 */
package io.gatun.api.model;
