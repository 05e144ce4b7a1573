-- A ledger of shape 0002; see make.py.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE approvals (
	id INTEGER NOT NULL, 
	issue_id TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	approver TEXT NOT NULL, 
	approved_at DATETIME NOT NULL, 
	CONSTRAINT pk_approvals PRIMARY KEY (id), 
	CONSTRAINT uq_approvals_issue_id_digest_approver UNIQUE (issue_id, digest, approver)
);
INSERT INTO "approvals" VALUES(1,'2026-11-26-phare','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','Camille','2026-11-19 12:00:00.000000');
CREATE TABLE corrections (
	id INTEGER NOT NULL, 
	issue_id TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	corrected_at DATETIME NOT NULL, 
	CONSTRAINT pk_corrections PRIMARY KEY (id)
);
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	mailing_id INTEGER NOT NULL, 
	subscriber_id INTEGER NOT NULL, 
	email TEXT NOT NULL, 
	email_key TEXT NOT NULL, 
	message_key VARCHAR(32) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	worker TEXT DEFAULT '' NOT NULL, 
	retry_at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	stage VARCHAR(16) DEFAULT '' NOT NULL, 
	code INTEGER DEFAULT '0' NOT NULL, 
	enhanced VARCHAR(16) DEFAULT '' NOT NULL, 
	reply TEXT DEFAULT '' NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id), 
	CONSTRAINT fk_deliveries_mailing_id FOREIGN KEY(mailing_id) REFERENCES mailings (id), 
	CONSTRAINT fk_deliveries_subscriber_id FOREIGN KEY(subscriber_id) REFERENCES subscribers (id), 
	CONSTRAINT uq_deliveries_mailing_id_subscriber_id UNIQUE (mailing_id, subscriber_id), 
	CONSTRAINT uq_deliveries_message_key UNIQUE (message_key)
);
INSERT INTO "deliveries" VALUES(1,1,1,'Lecteur0@exemple.fr','lecteur0@exemple.fr','fb07e9c143eea1f181755f887429b68a','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(2,1,2,'Lecteur1@exemple.fr','lecteur1@exemple.fr','0034deea032419765d99915161de84e6','failed',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','rcpt',550,'5.1.1','inconnu','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(3,1,3,'Lecteur2@exemple.fr','lecteur2@exemple.fr','f2192bed606cce2de010e182846c9e1d','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(4,1,4,'Lecteur3@exemple.fr','lecteur3@exemple.fr','e8d334d8dfd31db0a0ca9bb0b72793a4','uncertain',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','after-dot',0,'','','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(5,1,5,'Lecteur4@exemple.fr','lecteur4@exemple.fr','24d52c1ba88b1c91ef4aa265dea5a0bb','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(6,1,6,'Lecteur5@exemple.fr','lecteur5@exemple.fr','6a1513ef6774550d58b2d311abece70d','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(7,1,7,'Lecteur6@exemple.fr','lecteur6@exemple.fr','8a9b3edad1411262182ffd54f021e091','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(8,1,8,'Lecteur7@exemple.fr','lecteur7@exemple.fr','28a7a79f984fcdd972e7f6e492ab60f1','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(9,1,9,'Lecteur8@exemple.fr','lecteur8@exemple.fr','5d42e66bffa295e199fa84091d638826','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(10,1,10,'Lecteur9@exemple.fr','lecteur9@exemple.fr','715f25e1a3b2e717584dafe80339c1e2','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(11,1,11,'Lecteur10@exemple.fr','lecteur10@exemple.fr','f147ca1aecfa78a81c99cc895f796103','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(12,1,12,'Lecteur11@exemple.fr','lecteur11@exemple.fr','dd442047df1e9eb1a809772482173538','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(13,1,13,'Lecteur12@exemple.fr','lecteur12@exemple.fr','72b141d05a18ba3527e3c6650b0c79cc','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(14,1,14,'Lecteur13@exemple.fr','lecteur13@exemple.fr','aafc77e970f96b99e556497beabdab05','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(15,1,15,'Lecteur14@exemple.fr','lecteur14@exemple.fr','2eb63ca759c80b94880ac42e13bc2c00','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(16,1,16,'Lecteur15@exemple.fr','lecteur15@exemple.fr','db700aae6f94e99676067fd99e89a9d1','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(17,1,17,'Lecteur16@exemple.fr','lecteur16@exemple.fr','78db565440ef17f046418fc0e78c94c1','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(18,1,18,'Lecteur17@exemple.fr','lecteur17@exemple.fr','9f4189c2a461d7221ce49c2fc4a2240f','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(19,1,19,'Lecteur18@exemple.fr','lecteur18@exemple.fr','415a39a0d43c4b641fcf04326744a1c9','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(20,1,20,'Lecteur19@exemple.fr','lecteur19@exemple.fr','065d3f04b8b7ad7e6a8d05f8cd8237c1','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(21,1,21,'Lecteur20@exemple.fr','lecteur20@exemple.fr','6605a979586f01a7a32e69d95db2afeb','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(22,1,22,'Lecteur21@exemple.fr','lecteur21@exemple.fr','49ebd33e9dd55628ee259718184aaca3','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(23,1,23,'Lecteur22@exemple.fr','lecteur22@exemple.fr','d608386330336b8f796de36b0db3698e','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(24,1,24,'Lecteur23@exemple.fr','lecteur23@exemple.fr','4be47074b850d917510a8cf2efb2977c','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(25,1,25,'Lecteur24@exemple.fr','lecteur24@exemple.fr','09be983a331adbeca8ee530f80185e20','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(26,1,26,'Lecteur25@exemple.fr','lecteur25@exemple.fr','d39b631d5a77af4536ba529af6ecd2d8','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(27,1,27,'Lecteur26@exemple.fr','lecteur26@exemple.fr','05228f2b4cac856df0d1fa7e1ebd8c47','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(28,1,28,'Lecteur27@exemple.fr','lecteur27@exemple.fr','6add77667feb88055c7868d7e085a212','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(29,1,29,'Lecteur28@exemple.fr','lecteur28@exemple.fr','0d65557063948a70c3c0f51e0a0900e8','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(30,1,30,'Lecteur29@exemple.fr','lecteur29@exemple.fr','bb23b80942c99b36944b1a6fe14cc883','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(31,1,31,'Lecteur30@exemple.fr','lecteur30@exemple.fr','e9765ef949e484bd8f0ad8da44119d6a','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(32,1,32,'Lecteur31@exemple.fr','lecteur31@exemple.fr','9000f796eae24da4598ee96aec25aadd','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(33,1,33,'Lecteur32@exemple.fr','lecteur32@exemple.fr','999f8e8417fabd7c0c3c71f7dbe8a2a6','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(34,1,34,'Lecteur33@exemple.fr','lecteur33@exemple.fr','4e682924133952161d9ee847144aeefa','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(35,1,35,'Lecteur34@exemple.fr','lecteur34@exemple.fr','2e639dc0c3aaf8b52060adfa95e5a66d','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(36,1,36,'Lecteur35@exemple.fr','lecteur35@exemple.fr','627aa140be935a7690cd205ccadb6c17','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(37,1,37,'Lecteur36@exemple.fr','lecteur36@exemple.fr','5f4859764b7b42535003f98ff160ea6b','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(38,1,38,'Lecteur37@exemple.fr','lecteur37@exemple.fr','527fee3aceeb6e2a829ab8cbaa1fcb6c','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(39,1,39,'Lecteur38@exemple.fr','lecteur38@exemple.fr','f48c31c1779f2f0f78b927c059751e9c','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(40,1,40,'Lecteur39@exemple.fr','lecteur39@exemple.fr','46053560b3d2ef55573d638f73b33804','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(41,1,41,'Lecteur40@exemple.fr','lecteur40@exemple.fr','e3dfe0ca8e89880ec78292a108618592','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(42,1,42,'Lecteur41@exemple.fr','lecteur41@exemple.fr','5fb7e95294954236503ff59a0ceb6b96','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(43,1,43,'Lecteur42@exemple.fr','lecteur42@exemple.fr','41319efc7a3633f5600d4e13f6f94fdb','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(44,1,44,'Lecteur43@exemple.fr','lecteur43@exemple.fr','91e11b35c1de80d54a506a123f11a3f6','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(45,1,45,'Lecteur44@exemple.fr','lecteur44@exemple.fr','a0f15cc2a0a3f18bafe6cdf357cf17ed','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(46,1,46,'Lecteur45@exemple.fr','lecteur45@exemple.fr','922fab9cdb1263b16d527359ec2766ca','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(47,1,47,'Lecteur46@exemple.fr','lecteur46@exemple.fr','a01b6fbf0a403ba305418151a0114914','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(48,1,48,'Lecteur47@exemple.fr','lecteur47@exemple.fr','90ee67135df9103478b9945ce85d9729','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(49,1,49,'Lecteur48@exemple.fr','lecteur48@exemple.fr','5c4f8a9259cd7c58c024490aa0c5ce03','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(50,1,50,'Lecteur49@exemple.fr','lecteur49@exemple.fr','cb9144da5aac6a0c67df7c5807fd0c30','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(51,1,51,'Lecteur50@exemple.fr','lecteur50@exemple.fr','fc06cbd761bcb1d9213b15e96d7bc444','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(52,1,52,'Lecteur51@exemple.fr','lecteur51@exemple.fr','2688f2ed0d0ad9e809197d94efc0677a','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(53,1,53,'Lecteur52@exemple.fr','lecteur52@exemple.fr','d62a769c6002cfb5bcee8b09e2ad2fd3','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(54,1,54,'Lecteur53@exemple.fr','lecteur53@exemple.fr','569eea79c9a09b309670389a98901a13','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(55,1,55,'Lecteur54@exemple.fr','lecteur54@exemple.fr','5948b0ae80d18ac814bdecc0c372b00a','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(56,1,56,'Lecteur55@exemple.fr','lecteur55@exemple.fr','4a910d900dd79810a29f5c99f88d3faf','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(57,1,57,'Lecteur56@exemple.fr','lecteur56@exemple.fr','8fa7c1c5ffa26a1de99c74986fa4c777','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(58,1,58,'Lecteur57@exemple.fr','lecteur57@exemple.fr','2161219f155dd228fc1b4aaee540a59a','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(59,1,59,'Lecteur58@exemple.fr','lecteur58@exemple.fr','4de42cd8086c358325bc7519d1ed9db0','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(60,1,60,'Lecteur59@exemple.fr','lecteur59@exemple.fr','e3297f38b13ebbe0ac9851656ca0b7b0','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(61,2,1,'Lecteur0@exemple.fr','lecteur0@exemple.fr','d2aa9e9583cf3cbfe4dd92aa55b4a1ba','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(62,2,3,'Lecteur2@exemple.fr','lecteur2@exemple.fr','a4e7e7b7f3d19729e2d4e5173cd186a0','failed',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','rcpt',550,'5.1.1','inconnu','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(63,2,4,'Lecteur3@exemple.fr','lecteur3@exemple.fr','0784826c6c555b4633024083eccdcd66','deferred',1,'','2026-11-19 14:05:00.000000','2026-11-19 14:05:00.000000','rcpt',451,'','plus tard','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(64,2,5,'Lecteur4@exemple.fr','lecteur4@exemple.fr','ad2a163164991b208e79955308f0e69f','uncertain',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','after-dot',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(65,2,6,'Lecteur5@exemple.fr','lecteur5@exemple.fr','01e7cdb987d3d6cdde70a925b04261d4','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(66,2,7,'Lecteur6@exemple.fr','lecteur6@exemple.fr','9343dd3153ad34199dd3435b57c95d7e','submitting',1,'w','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(67,2,8,'Lecteur7@exemple.fr','lecteur7@exemple.fr','ec6e54a931dd6f8f3053bad7b1e0b06c','submitting',1,'w','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(68,2,9,'Lecteur8@exemple.fr','lecteur8@exemple.fr','2377a35ddd4ef907f4e38ac435b714af','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(69,2,10,'Lecteur9@exemple.fr','lecteur9@exemple.fr','85ed2e00387578476d78689aa8ccf1bd','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(70,2,11,'Lecteur10@exemple.fr','lecteur10@exemple.fr','8d5a9e1fa19423bd0145b86cff77dbd2','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(71,2,12,'Lecteur11@exemple.fr','lecteur11@exemple.fr','0f89f2ef81a6cf63e1bbea5866c922e7','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(72,2,13,'Lecteur12@exemple.fr','lecteur12@exemple.fr','cd4240efb73d7c5a73f28770e4b0974c','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(73,2,14,'Lecteur13@exemple.fr','lecteur13@exemple.fr','90db63c2d29bc1fdc94bb5c22c6d9924','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(74,2,15,'Lecteur14@exemple.fr','lecteur14@exemple.fr','0cf9ecd772fbec4f42b57cc2c84421d7','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(75,2,16,'Lecteur15@exemple.fr','lecteur15@exemple.fr','5ce77be3056297c70764f9e86ffcf6e4','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(76,2,17,'Lecteur16@exemple.fr','lecteur16@exemple.fr','f7fb34cc91f2e052c5463c3947cefa1c','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(77,2,18,'Lecteur17@exemple.fr','lecteur17@exemple.fr','cbf75a464b49b75b476978ec22d27031','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(78,2,19,'Lecteur18@exemple.fr','lecteur18@exemple.fr','085c5ce53f4966a35875fddbc3e9a567','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(79,2,20,'Lecteur19@exemple.fr','lecteur19@exemple.fr','5929d70d4b6c192b019c130971cc89b9','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(80,2,21,'Lecteur20@exemple.fr','lecteur20@exemple.fr','ec356a961f1dbf4a90ddd998eb887ba7','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(81,2,22,'Lecteur21@exemple.fr','lecteur21@exemple.fr','ca1b7cf055ac8c0095b6f725a926736c','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(82,2,23,'Lecteur22@exemple.fr','lecteur22@exemple.fr','37e7a7d0457b769dc64f553bbc9de67f','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(83,2,24,'Lecteur23@exemple.fr','lecteur23@exemple.fr','4d26ef4ca4c75cd94808c368d2fbbf6d','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(84,2,25,'Lecteur24@exemple.fr','lecteur24@exemple.fr','90edb144cc5288369b54af1b1efc9bd7','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(85,2,26,'Lecteur25@exemple.fr','lecteur25@exemple.fr','452f04f3aa286a4cc3f9b6370de296f1','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(86,2,27,'Lecteur26@exemple.fr','lecteur26@exemple.fr','82765393b74b27eca9a12436e9ecf433','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(87,2,28,'Lecteur27@exemple.fr','lecteur27@exemple.fr','92de63b19970d2ccd3717c5ccd4e5854','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(88,2,29,'Lecteur28@exemple.fr','lecteur28@exemple.fr','94148bcd442b817cc072f350963ec2f6','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(89,2,30,'Lecteur29@exemple.fr','lecteur29@exemple.fr','6af3c041e623e06ab76c9ba1426e7623','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(90,2,31,'Lecteur30@exemple.fr','lecteur30@exemple.fr','fffdaa1faea571efbe3f278c8ad3d436','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(91,2,32,'Lecteur31@exemple.fr','lecteur31@exemple.fr','bac77d09fa7133df5fbe6839e7748dac','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(92,2,33,'Lecteur32@exemple.fr','lecteur32@exemple.fr','fd3a2094456175b7402f339360049a5e','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(93,2,34,'Lecteur33@exemple.fr','lecteur33@exemple.fr','71e06c4b67f6c1f7e1f04366d2282fb6','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(94,2,35,'Lecteur34@exemple.fr','lecteur34@exemple.fr','69a59395a847069b0f7fc5e90da1177c','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(95,2,36,'Lecteur35@exemple.fr','lecteur35@exemple.fr','456d36fcaf675f511e4d3c963a2b0ea3','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(96,2,37,'Lecteur36@exemple.fr','lecteur36@exemple.fr','d3189fdd0825fb1f8234e213248bef02','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(97,2,38,'Lecteur37@exemple.fr','lecteur37@exemple.fr','cb95bd00f21666a8dc8c9401513603a9','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(98,2,39,'Lecteur38@exemple.fr','lecteur38@exemple.fr','440261276fbfcb9c59bdd551fcb07156','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(99,2,40,'Lecteur39@exemple.fr','lecteur39@exemple.fr','c52e4847814e366dc3abb30b0720638c','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(100,2,41,'Lecteur40@exemple.fr','lecteur40@exemple.fr','8f5b27b5990b23d50e37f979d33a476f','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(101,2,42,'Lecteur41@exemple.fr','lecteur41@exemple.fr','7ba37d04274debca468cbcc16c3c2d90','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(102,2,43,'Lecteur42@exemple.fr','lecteur42@exemple.fr','69e0f58a64522bd54b746bbc054a2266','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(103,2,44,'Lecteur43@exemple.fr','lecteur43@exemple.fr','f3dc20250c0c3a7402f9e0e4ffedaf41','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(104,2,45,'Lecteur44@exemple.fr','lecteur44@exemple.fr','f587eec50635dba75f93130a306c7aca','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(105,2,46,'Lecteur45@exemple.fr','lecteur45@exemple.fr','482f2db772310b50ecde7d6a63c7533c','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(106,2,47,'Lecteur46@exemple.fr','lecteur46@exemple.fr','ff621184a0c2f0c395bf35088b85883c','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(107,2,48,'Lecteur47@exemple.fr','lecteur47@exemple.fr','79b80454d5de1cf45e2e747f53c2d63e','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(108,2,49,'Lecteur48@exemple.fr','lecteur48@exemple.fr','662170f9eee6e289bee35b3887cce38b','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(109,2,50,'Lecteur49@exemple.fr','lecteur49@exemple.fr','0ae91a1faf1a4e3303b4689e15f5ae44','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(110,2,51,'Lecteur50@exemple.fr','lecteur50@exemple.fr','a9c97e69cbc53a2e7b85628694eeb832','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(111,2,52,'Lecteur51@exemple.fr','lecteur51@exemple.fr','d6cada7b7137ac12232e20f16b8540ba','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(112,2,53,'Lecteur52@exemple.fr','lecteur52@exemple.fr','fdfad323d15b8e8478816b4d2b2cc0de','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(113,2,54,'Lecteur53@exemple.fr','lecteur53@exemple.fr','1c2d87de4c460cd844600c6112837f8f','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(114,2,55,'Lecteur54@exemple.fr','lecteur54@exemple.fr','9baaffee986c80cdc45468b80136c555','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(115,2,56,'Lecteur55@exemple.fr','lecteur55@exemple.fr','21d34c4f539215c38759cb60ff43a61d','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(116,2,57,'Lecteur56@exemple.fr','lecteur56@exemple.fr','96440a396b42edd710b6505b024b8035','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(117,2,58,'Lecteur57@exemple.fr','lecteur57@exemple.fr','4a0e7769b6ac63a7c8d28d70c3a16435','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(118,2,59,'Lecteur58@exemple.fr','lecteur58@exemple.fr','3d5191c21a0c20c2303af31ac020a615','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(119,2,60,'Lecteur59@exemple.fr','lecteur59@exemple.fr','098a5a34e7245e0f4ade31cb57db294f','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
CREATE TABLE edition_pictures (
	edition_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_edition_pictures PRIMARY KEY (edition_id, position), 
	CONSTRAINT fk_edition_pictures_edition_id FOREIGN KEY(edition_id) REFERENCES editions (id), 
	CONSTRAINT fk_edition_pictures_name FOREIGN KEY(name) REFERENCES pictures (name)
);
INSERT INTO "edition_pictures" VALUES(1,0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.jpg','images/une.jpg');
INSERT INTO "edition_pictures" VALUES(2,0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.jpg','images/une.jpg');
INSERT INTO "edition_pictures" VALUES(3,0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.jpg','images/une.jpg');
CREATE TABLE editions (
	id INTEGER NOT NULL, 
	issue_id TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	number INTEGER, 
	subject TEXT NOT NULL, 
	preheader TEXT NOT NULL, 
	html TEXT NOT NULL, 
	text TEXT NOT NULL, 
	field_prefix TEXT NOT NULL, 
	theme TEXT NOT NULL, 
	lang TEXT NOT NULL, 
	made_with JSON NOT NULL, 
	sealed_at DATETIME NOT NULL, 
	CONSTRAINT pk_editions PRIMARY KEY (id), 
	CONSTRAINT uq_editions_issue_id_digest UNIQUE (issue_id, digest)
);
INSERT INTO "editions" VALUES(1,'2026-11-12-puces','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',41,'L’objet – été','Et aussi : …','<p> 👩‍💻 é</p>','texte','HBabc','classique','fr','[["mjml", "1.4.2"]]','2026-11-19 12:00:00.000000');
INSERT INTO "editions" VALUES(2,'2026-11-19-moulin','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',41,'L’objet – été','Et aussi : …','<p> 👩‍💻 é</p>','texte','HBabc','classique','fr','[["mjml", "1.4.2"]]','2026-11-19 14:00:00.000000');
INSERT INTO "editions" VALUES(3,'2026-11-26-phare','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',41,'L’objet – été','Et aussi : …','<p> 👩‍💻 é</p>','texte','HBabc','classique','fr','[["mjml", "1.4.2"]]','2026-11-19 12:00:00.000000');
CREATE TABLE heartbeats (
	worker TEXT NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_heartbeats PRIMARY KEY (worker)
);
INSERT INTO "heartbeats" VALUES('machine:1:abc','2026-11-19 12:00:00.000000');
CREATE TABLE home (
	id INTEGER NOT NULL, 
	place TEXT NOT NULL, 
	claimed_at DATETIME NOT NULL, 
	turns INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_home PRIMARY KEY (id)
);
INSERT INTO "home" VALUES(1,'machine:0000:/srv/lettre/var/ledger.sqlite','2026-11-19 12:00:00.000000',1);
CREATE TABLE launches (
	mailing_id INTEGER NOT NULL, 
	worker TEXT NOT NULL, 
	launched_at DATETIME NOT NULL, 
	CONSTRAINT pk_launches PRIMARY KEY (mailing_id), 
	CONSTRAINT fk_launches_mailing_id FOREIGN KEY(mailing_id) REFERENCES mailings (id)
);
INSERT INTO "launches" VALUES(1,'w','2026-11-19 12:00:00.000000');
INSERT INTO "launches" VALUES(2,'w','2026-11-19 14:00:00.000000');
CREATE TABLE mailings (
	id INTEGER NOT NULL, 
	issue_id TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	reason_code VARCHAR(32) DEFAULT '' NOT NULL, 
	due_at DATETIME NOT NULL, 
	hold_until DATETIME, 
	digest VARCHAR(64) NOT NULL, 
	expected INTEGER, 
	expected_min INTEGER, 
	expected_max INTEGER, 
	accepted JSON DEFAULT '[]' NOT NULL, 
	series TEXT, 
	local_date DATE, 
	audience INTEGER, 
	message_domain TEXT DEFAULT '' NOT NULL, 
	created_at DATETIME NOT NULL, 
	launched_at DATETIME, 
	receipted_at DATETIME, 
	finished_at DATETIME, 
	concluded_at DATETIME, correction_of TEXT, 
	CONSTRAINT pk_mailings PRIMARY KEY (id), 
	CONSTRAINT uq_mailings_series_local_date UNIQUE (series, local_date)
);
INSERT INTO "mailings" VALUES(1,'2026-11-12-puces','finished','','','2026-11-19 12:00:00.000000',NULL,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',NULL,NULL,NULL,'[]',NULL,NULL,60,'exemple.fr','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000','2026-11-19 13:00:00.000000','2026-11-19 13:00:00.000000',NULL);
INSERT INTO "mailings" VALUES(2,'2026-11-19-moulin','running','','','2026-11-19 14:00:00.000000',NULL,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,'[]',NULL,NULL,59,'exemple.fr','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000',NULL,NULL,NULL);
INSERT INTO "mailings" VALUES(3,'2026-11-26-phare','scheduled','','','2026-11-26 12:00:00.000000',NULL,'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',60,50,70,'[]','hebdo','2026-11-26',NULL,'','2026-11-19 12:00:00.000000',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE notices (
	id INTEGER NOT NULL, 
	mailing_id INTEGER, 
	kind VARCHAR(32) NOT NULL, 
	words TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	told_at DATETIME, detail TEXT DEFAULT '' NOT NULL, webhook_at DATETIME, 
	CONSTRAINT pk_notices PRIMARY KEY (id), 
	CONSTRAINT fk_notices_mailing_id FOREIGN KEY(mailing_id) REFERENCES mailings (id)
);
INSERT INTO "notices" VALUES(1,1,'finished','terminé','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000','',NULL);
INSERT INTO "notices" VALUES(2,NULL,'transport','le serveur d’envoi ne répond plus','2026-11-19 12:00:00.000000',NULL,'',NULL);
CREATE TABLE pictures (
	name TEXT NOT NULL, 
	content BLOB NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	CONSTRAINT pk_pictures PRIMARY KEY (name)
);
INSERT INTO "pictures" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.jpg',X'FFD800FF',2,1);
CREATE TABLE proofs (
	id INTEGER NOT NULL, 
	issue_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	sent_to JSON NOT NULL, 
	sent_at DATETIME NOT NULL, 
	CONSTRAINT pk_proofs PRIMARY KEY (id), 
	CONSTRAINT uq_proofs_issue_id_number UNIQUE (issue_id, number)
);
INSERT INTO "proofs" VALUES(1,'2026-11-26-phare',1,'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','["redaction@exemple.fr"]','2026-11-19 12:00:00.000000');
CREATE TABLE subscribers (
	id INTEGER NOT NULL, 
	email TEXT NOT NULL, 
	email_key TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	status VARCHAR(16) DEFAULT 'active' NOT NULL, 
	token VARCHAR(43) NOT NULL, 
	consent TEXT DEFAULT '' NOT NULL, 
	consented_on DATE, 
	fields JSON DEFAULT '[]' NOT NULL, 
	created_at DATETIME NOT NULL, 
	left_at DATETIME, 
	left_by TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_subscribers PRIMARY KEY (id), 
	CONSTRAINT uq_subscribers_email_key UNIQUE (email_key), 
	CONSTRAINT uq_subscribers_token UNIQUE (token)
);
INSERT INTO "subscribers" VALUES(1,'Lecteur0@exemple.fr','lecteur0@exemple.fr','Zoé ’0’','active','s9kG4n4dYPfemvV1DwVZ5g','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(2,'Lecteur1@exemple.fr','lecteur1@exemple.fr','Zoé ’1’','active','IhPgLYiX90XclIgzghTyog','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(3,'Lecteur2@exemple.fr','lecteur2@exemple.fr','Zoé ’2’','active','ar8kSQxzlmYuu4SQSlzURA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(4,'Lecteur3@exemple.fr','lecteur3@exemple.fr','Zoé ’3’','active','gRgeQ--agmJj6xVvmpjM1w','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(5,'Lecteur4@exemple.fr','lecteur4@exemple.fr','Zoé ’4’','active','j_Mfcm4aPljCsDIVowO6Kw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(6,'Lecteur5@exemple.fr','lecteur5@exemple.fr','Zoé ’5’','active','Idp8ZkAY-hOBDh-hAs2Nvg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(7,'Lecteur6@exemple.fr','lecteur6@exemple.fr','Zoé ’6’','active','ilcd6OnnclZDTc5anWmaIA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(8,'Lecteur7@exemple.fr','lecteur7@exemple.fr','Zoé ’7’','active','e90sAdf3z9x_Rw46UbIXtQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(9,'Lecteur8@exemple.fr','lecteur8@exemple.fr','Zoé ’8’','active','poquHidgk5xR0yxmq2LK6A','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(10,'Lecteur9@exemple.fr','lecteur9@exemple.fr','Zoé ’9’','active','jXxKh5t4NSHNG8UAyNFA7Q','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(11,'Lecteur10@exemple.fr','lecteur10@exemple.fr','Zoé ’10’','active','A5d-IzddLqx-iU_DlfMmIQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(12,'Lecteur11@exemple.fr','lecteur11@exemple.fr','Zoé ’11’','active','Tnrlc5uS8wwzbSIhMumJYQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(13,'Lecteur12@exemple.fr','lecteur12@exemple.fr','Zoé ’12’','active','23DlTPLO48bdYMgkRkKPhA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(14,'Lecteur13@exemple.fr','lecteur13@exemple.fr','Zoé ’13’','active','GFsnzmXzV64xRnkS0jd1dQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(15,'Lecteur14@exemple.fr','lecteur14@exemple.fr','Zoé ’14’','active','zDoO_upjAJkZgWuOn2Hynw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(16,'Lecteur15@exemple.fr','lecteur15@exemple.fr','Zoé ’15’','active','cSq2Xd9LckT2BOIrYpuX8g','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(17,'Lecteur16@exemple.fr','lecteur16@exemple.fr','Zoé ’16’','active','-gxenL2zaIqorVwA8_UqHw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(18,'Lecteur17@exemple.fr','lecteur17@exemple.fr','Zoé ’17’','active','L4r3HoqbrCJcdEXbQbM6Kg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(19,'Lecteur18@exemple.fr','lecteur18@exemple.fr','Zoé ’18’','active','fq3WD6BqFIGIP7NmuPuY8Q','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(20,'Lecteur19@exemple.fr','lecteur19@exemple.fr','Zoé ’19’','active','qPtSHkt9TIbqRhTsBD2qaw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(21,'Lecteur20@exemple.fr','lecteur20@exemple.fr','Zoé ’20’','active','LePTndv5a7qXkf8CvCN-1Q','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(22,'Lecteur21@exemple.fr','lecteur21@exemple.fr','Zoé ’21’','active','_Rowhh2qi8ZHMZz5rBIPSw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(23,'Lecteur22@exemple.fr','lecteur22@exemple.fr','Zoé ’22’','active','Oe65E5Q5HZANbXUm_uHS5w','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(24,'Lecteur23@exemple.fr','lecteur23@exemple.fr','Zoé ’23’','active','NbdLS9XQIxyJ-WRA74RUMQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(25,'Lecteur24@exemple.fr','lecteur24@exemple.fr','Zoé ’24’','active','SJroXRRCrxPanlHY3ip2sA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(26,'Lecteur25@exemple.fr','lecteur25@exemple.fr','Zoé ’25’','active','tSmNI-Ib3ad6gszuRsME4g','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(27,'Lecteur26@exemple.fr','lecteur26@exemple.fr','Zoé ’26’','active','_57ksVAJDbGDFj5U3nRMEA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(28,'Lecteur27@exemple.fr','lecteur27@exemple.fr','Zoé ’27’','active','yxRLV5rDtctWzUU7bbmqtg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(29,'Lecteur28@exemple.fr','lecteur28@exemple.fr','Zoé ’28’','active','v0B5ou5tST8nfKrxvCaPiQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(30,'Lecteur29@exemple.fr','lecteur29@exemple.fr','Zoé ’29’','active','G2Gpcs45DS11Jggpralm1g','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(31,'Lecteur30@exemple.fr','lecteur30@exemple.fr','Zoé ’30’','active','5VWLq1iv-ikrIQPFQ2TamA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(32,'Lecteur31@exemple.fr','lecteur31@exemple.fr','Zoé ’31’','active','GlXxY00aN78mhMlVZGMutQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(33,'Lecteur32@exemple.fr','lecteur32@exemple.fr','Zoé ’32’','active','uScfjiZvvW8gqQqfI2UkLg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(34,'Lecteur33@exemple.fr','lecteur33@exemple.fr','Zoé ’33’','active','4gKtE1fCgIggbR7okHSFYQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(35,'Lecteur34@exemple.fr','lecteur34@exemple.fr','Zoé ’34’','active','ensjZMRzR8JobDYTuFq8RA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(36,'Lecteur35@exemple.fr','lecteur35@exemple.fr','Zoé ’35’','active','hFGv117cjiQLecjTpnjOAA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(37,'Lecteur36@exemple.fr','lecteur36@exemple.fr','Zoé ’36’','active','fQFpFbIEFO6p_zXDgSSzCQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(38,'Lecteur37@exemple.fr','lecteur37@exemple.fr','Zoé ’37’','active','OZykagwOb3mpmvR8cEG-CA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(39,'Lecteur38@exemple.fr','lecteur38@exemple.fr','Zoé ’38’','active','pG6QBaeWLsBpExMI77bN2A','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(40,'Lecteur39@exemple.fr','lecteur39@exemple.fr','Zoé ’39’','active','kTJC4nBwpxKHr9EsFkopmg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(41,'Lecteur40@exemple.fr','lecteur40@exemple.fr','Zoé ’40’','active','JOC_lJQKGIYurypzVbcchA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(42,'Lecteur41@exemple.fr','lecteur41@exemple.fr','Zoé ’41’','active','jnL_EzfR0i1lBFAX06h_gg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(43,'Lecteur42@exemple.fr','lecteur42@exemple.fr','Zoé ’42’','active','UnWBPbKHBaQkwWD134y6yw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(44,'Lecteur43@exemple.fr','lecteur43@exemple.fr','Zoé ’43’','active','yCxI3sP4NJOP9KQg5G2qEA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(45,'Lecteur44@exemple.fr','lecteur44@exemple.fr','Zoé ’44’','active','8LuYl4G2kT-BhTQ8cvuPsA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(46,'Lecteur45@exemple.fr','lecteur45@exemple.fr','Zoé ’45’','active','rRsC2JiuDQp1RiacPtOfLA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(47,'Lecteur46@exemple.fr','lecteur46@exemple.fr','Zoé ’46’','active','NVKP8OB6mYfR_aV9JaA86g','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(48,'Lecteur47@exemple.fr','lecteur47@exemple.fr','Zoé ’47’','active','TOp2kWDiH6gWK8rdy3rbvQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(49,'Lecteur48@exemple.fr','lecteur48@exemple.fr','Zoé ’48’','active','Qu9LmoWONfPqSV6uXSatlg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(50,'Lecteur49@exemple.fr','lecteur49@exemple.fr','Zoé ’49’','active','iXGSuhJkWTgst7GfNmXHAQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(51,'Lecteur50@exemple.fr','lecteur50@exemple.fr','Zoé ’50’','active','uqwp0wp8z-D1nSiDovPqNg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(52,'Lecteur51@exemple.fr','lecteur51@exemple.fr','Zoé ’51’','active','vlpH8zDIX7PmSOfNpl-LSA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(53,'Lecteur52@exemple.fr','lecteur52@exemple.fr','Zoé ’52’','active','rVyefaUX9QihpioweQ8bqA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(54,'Lecteur53@exemple.fr','lecteur53@exemple.fr','Zoé ’53’','active','WcWqlnERPqBUPmtxp3BboA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(55,'Lecteur54@exemple.fr','lecteur54@exemple.fr','Zoé ’54’','active','RDvNW6xgVq6NVmS_62XMNQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(56,'Lecteur55@exemple.fr','lecteur55@exemple.fr','Zoé ’55’','active','pKuxgKE7VjtyEi6cstDsYA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(57,'Lecteur56@exemple.fr','lecteur56@exemple.fr','Zoé ’56’','active','fSuOXAFEnZcJIwgJ1Riarg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(58,'Lecteur57@exemple.fr','lecteur57@exemple.fr','Zoé ’57’','active','dQM1ugtzn4b_fJSCblFtfA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(59,'Lecteur58@exemple.fr','lecteur58@exemple.fr','Zoé ’58’','active','-PDKfIWgh2K9madewgJSDw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(60,'Lecteur59@exemple.fr','lecteur59@exemple.fr','Zoé ’59’','active','cEXKGzkISLP0X13sdNq5xQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
CREATE TABLE suppressions (
	id INTEGER NOT NULL, 
	email_key TEXT NOT NULL, 
	reason VARCHAR(32) NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	delivery_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_suppressions PRIMARY KEY (id), 
	CONSTRAINT uq_suppressions_email_key UNIQUE (email_key)
);
INSERT INTO "suppressions" VALUES(1,'lecteur1@exemple.fr','hard-bounce','inconnu',2,'2026-11-19 12:00:00.000000');
INSERT INTO "suppressions" VALUES(2,'lecteur2@exemple.fr','hard-bounce','inconnu',62,'2026-11-19 14:00:00.000000');
CREATE UNIQUE INDEX uq_mailings_open_issue ON mailings (issue_id) WHERE state IN ('scheduled', 'held', 'running', 'paused');
CREATE INDEX ix_deliveries_due ON deliveries (mailing_id, due_at, id) WHERE state IN ('pending', 'deferred');
CREATE INDEX ix_deliveries_mailing_id_state ON deliveries (mailing_id, state);
CREATE INDEX ix_deliveries_wire ON deliveries (due_at) WHERE state = 'submitting';
CREATE INDEX ix_corrections_issue_id ON corrections (issue_id);
COMMIT;
