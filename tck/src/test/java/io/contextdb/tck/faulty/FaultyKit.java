package io.contextdb.tck.faulty;

import io.contextdb.tck.ContextDbKit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The kit on the backend that the calling thread is about to try; no test by itself. */
@ExtendWith(FaultyKit.UntilKilled.class)
final class FaultyKit extends ContextDbKit {
    static final ThreadLocal<Trial> TRIAL = new ThreadLocal<>();

    @Override
    protected String url() {
        return "contextdb:faulty:" + TRIAL.get().defect().id();
    }

    /** Leaves out what is left once the defect was seen, unless everything is to be known. */
    static final class UntilKilled implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return TRIAL.get().isOver()
                    ? ConditionEvaluationResult.disabled("the defect was seen")
                    : ConditionEvaluationResult.enabled("the defect was not seen yet");
        }
    }
}
