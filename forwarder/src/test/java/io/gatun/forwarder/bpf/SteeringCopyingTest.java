package io.gatun.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.sys.Libc;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The program for those without CAP_PERFMON judges as the other one does. */
@Root.Needed
class SteeringCopyingTest {
    @ParameterizedTest
    @EnumSource
    void judgesAllCases(SteeringHook hook) {
        List<String> wrong = new ArrayList<>();
        try (Steering steering = Steering.loadCopying(Libc.system(), hook, 16, 2)) {
            SteeringCases.configure(steering);
            for (SteeringCases.Case example : SteeringCases.all()) {
                int verdict =
                        steering.program().testRun(example.frame().bytes()).verdict();
                if (verdict != expected(hook, example.ours())) {
                    wrong.add(example + ", but " + verdict);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static int expected(SteeringHook hook, boolean ours) {
        if (hook == SteeringHook.XDP) {
            return ours ? XdpAction.DROP : XdpAction.PASS;
        }
        return ours ? TcxAction.DROP : TcxAction.NEXT;
    }
}
