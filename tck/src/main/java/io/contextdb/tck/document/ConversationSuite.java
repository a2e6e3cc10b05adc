package io.contextdb.tck.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Conversation;
import io.contextdb.Conversation.Message;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Conversations. */
@Needs({Capability.DOCUMENTS, Capability.EVENTS})
public abstract class ConversationSuite {
    @Test
    @Needs({Capability.EVENTS})
    @Proves("D3a")
    void conversationsKeepTheOrderOfAppending(Kit kit) {
        Namespace namespace = kit.namespace();
        Conversation conversation = namespace.conversation("support/42");
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            conversation.append(Message.of("user", "q" + i), Message.of("assistant", "a" + i));
            said.addAll(List.of("q" + i, "a" + i));
        }
        namespace.conversation("support/4").append(Message.of("user", "elsewhere"));

        assertThat(conversation.messages().map(Message::content)).containsExactlyElementsOf(said);
        assertThat(conversation.latest(3)).extracting(Message::content).containsExactly("a28", "q29", "a29");
    }

    @Test
    @Needs({Capability.EVENTS})
    @Proves({"D3a", "G5"})
    void messagesOfOneCallStayTogether(Kit kit) {
        Namespace namespace = kit.namespace();

        kit.together(8, i -> {
            for (int n = 0; n < 10; n++) {
                namespace
                        .conversation("c")
                        .append(Message.of("user", i + "." + n), Message.of("assistant", i + "." + n));
            }
            return i;
        });

        List<Message> messages = namespace.conversation("c").messages().toList();
        assertThat(messages).hasSize(160);
        for (int i = 0; i < messages.size(); i += 2) {
            assertThat(messages.get(i).role()).isEqualTo("user");
            assertThat(messages.get(i + 1).role()).isEqualTo("assistant");
            assertThat(messages.get(i + 1).content()).isEqualTo(messages.get(i).content());
        }
    }
}
