package io.gatun.api.daemon;

import io.gatun.ha.role.Role;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Rules and roles change under locks of their own; the VIP owner hears of both one at a time. */
final class Calls {
    private final ReentrantLock lock = new ReentrantLock();
    private final VipOwner owner;

    Calls(VipOwner owner) {
        this.owner = owner;
    }

    void vips(Map<InetAddress, String> instances) {
        lock.lock();
        try {
            owner.vips(instances);
        } finally {
            lock.unlock();
        }
    }

    void role(String instance, Role state) {
        lock.lock();
        try {
            owner.role(instance, state);
        } finally {
            lock.unlock();
        }
    }
}
