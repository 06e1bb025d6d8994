/* SPDX-License-Identifier: ISC */
import java.security.Security;
import java.util.Properties;
import javax.mail.Folder;
import javax.mail.Message;
import javax.mail.Session;
import javax.mail.Store;
import javax.mail.Transport;
import javax.mail.internet.MimeMessage;

/** Mail PROTOCOL MODE HOST PORT [HELD]: what a program with JavaMail does. */
public class Mail {
	public static void main(String[] args) throws Exception {
		Security.setProperty("jdk.tls.disabledAlgorithms", "");
		boolean starttls = args[1].equals("starttls");
		String scheme = args[0] + (args[1].equals("implicit") ? "s" : "");
		String key = "mail." + scheme + ".";
		Properties p = new Properties();
		p.put(key + "ssl.trust", "*");
		p.put(key + "auth", "true");
		p.put(key + "starttls.enable", String.valueOf(starttls));
		p.put(key + "starttls.required", String.valueOf(starttls));
		if (args.length > 4)
			p.put(key + "ssl.protocols", args[4]);
		Session session = Session.getInstance(p);
		int port = Integer.parseInt(args[3]);
		if (args[0].equals("smtp"))
			send(session, scheme, args[2], port);
		else
			read(session, scheme, args[2], port);
	}

	private static void send(Session session, String scheme, String host,
	    int port) throws Exception {
		MimeMessage m = new MimeMessage(session);
		m.setFrom("anna@example.net");
		m.setRecipients(Message.RecipientType.TO, "bob@example.net");
		m.setSubject("java");
		m.setText("scan");
		Transport t = session.getTransport(scheme);
		t.connect(host, port, "anna", "test");
		t.sendMessage(m, m.getAllRecipients());
		t.close();
	}

	private static void read(Session session, String scheme, String host,
	    int port) throws Exception {
		Store store = session.getStore(scheme);
		store.connect(host, port, "anna", "test");
		Folder inbox = store.getFolder("INBOX");
		inbox.open(Folder.READ_ONLY);
		inbox.close(false);
		store.close();
	}
}
