package io.gatun.kube.ipam;

import io.gatun.kube.model.IpAddress;
import java.util.Optional;

/** The answer to a {@link Wish}. */
public sealed interface Grant {
    /**
     * An address.
     *
     * @param value it
     * @param held whether the Service had it before
     */
    record Address(IpAddress value, boolean held) implements Grant {}

    /**
     * None, for now.
     *
     * @param reason a word for programs
     * @param sentence for people: field, value and cure
     */
    record Refused(String reason, String sentence) implements Grant {
        public static final String EXHAUSTED = "PoolExhausted";
        public static final String NO_POOL = "PoolUnknown";
        public static final String TAKEN = "AddressInUse";
    }

    /** The address, if it is one. */
    default Optional<IpAddress> address() {
        return this instanceof Address granted ? Optional.of(granted.value()) : Optional.empty();
    }
}
