package io.contextdb.backend.postgresql;

import io.contextdb.tck.ContextDbKit;
import io.contextdb.tck.ServerKind;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The PostgreSQL backend against the contract, with row-level security. */
@Tag("slow")
class RowSecurityKitTest extends ContextDbKit {
    private static OrdinaryUser user;

    @BeforeAll
    static void makeUser() throws SQLException {
        user = OrdinaryUser.lasting(TestServer.get(), "rlskit");
    }

    @Override
    protected String url() {
        return user.url() + "&rls=on";
    }

    @Override
    protected ServerKind server() {
        return TestServer.get().kind().equals("external") ? ServerKind.REAL : ServerKind.LOCAL;
    }
}
