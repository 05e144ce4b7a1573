-- A ledger of shape 0001; see make.py.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
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
INSERT INTO "deliveries" VALUES(1,1,1,'Lecteur0@exemple.fr','lecteur0@exemple.fr','8ea6eaa7f794e09ade58f86abd4aab4b','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(2,1,2,'Lecteur1@exemple.fr','lecteur1@exemple.fr','823cc140e4f2c49e669f4ae79d96dd36','failed',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','rcpt',550,'5.1.1','inconnu','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(3,1,3,'Lecteur2@exemple.fr','lecteur2@exemple.fr','4e0c37ff47068c5271e91cce160e8c04','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(4,1,4,'Lecteur3@exemple.fr','lecteur3@exemple.fr','a3b5c844b9f6e973bdffccae947ba8f3','uncertain',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','after-dot',0,'','','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(5,1,5,'Lecteur4@exemple.fr','lecteur4@exemple.fr','5d0e4ce1182c6762c23f09b443e9a8aa','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(6,1,6,'Lecteur5@exemple.fr','lecteur5@exemple.fr','ffc9368eb9d344456addb9feea298d7c','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(7,1,7,'Lecteur6@exemple.fr','lecteur6@exemple.fr','5e8eecf2279b80f343681df153116f69','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(8,1,8,'Lecteur7@exemple.fr','lecteur7@exemple.fr','4cae9248d185388ab7de92b620274dee','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(9,1,9,'Lecteur8@exemple.fr','lecteur8@exemple.fr','2239cdfbc7d91968c6a77f218c1ee9e6','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(10,1,10,'Lecteur9@exemple.fr','lecteur9@exemple.fr','ebda0072d1fd78fcf2602b7a833cebf7','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(11,1,11,'Lecteur10@exemple.fr','lecteur10@exemple.fr','f20f7a81c17cafd45853eb20da37f1cd','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(12,1,12,'Lecteur11@exemple.fr','lecteur11@exemple.fr','0d1a0b0da9be59f2017c1209bd0e847d','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(13,1,13,'Lecteur12@exemple.fr','lecteur12@exemple.fr','15443905d0907614dc5802f3abb91a0f','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(14,1,14,'Lecteur13@exemple.fr','lecteur13@exemple.fr','d71f45a5b89b2aefd3cb877b9fe9c73d','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(15,1,15,'Lecteur14@exemple.fr','lecteur14@exemple.fr','76d46812ab224ff9e86d609ac9710273','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(16,1,16,'Lecteur15@exemple.fr','lecteur15@exemple.fr','ea326f841fa961e2f6b968b27a58183c','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(17,1,17,'Lecteur16@exemple.fr','lecteur16@exemple.fr','96da4bd7944ac0ea06210791792b0fa4','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(18,1,18,'Lecteur17@exemple.fr','lecteur17@exemple.fr','8f1d0a4ac108c9dac092932bd097b6d6','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(19,1,19,'Lecteur18@exemple.fr','lecteur18@exemple.fr','af8a1662e6f0bf2c0b238d1d27c414d0','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(20,1,20,'Lecteur19@exemple.fr','lecteur19@exemple.fr','326b19d6245b8a25d26795e14a8417a9','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(21,1,21,'Lecteur20@exemple.fr','lecteur20@exemple.fr','c0a94ae52781ae0bd725af5071fbac0c','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(22,1,22,'Lecteur21@exemple.fr','lecteur21@exemple.fr','344bb550a4dc419d91b9f8df437487bd','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(23,1,23,'Lecteur22@exemple.fr','lecteur22@exemple.fr','ebe8030cbc86806e0f172fc696651fd3','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(24,1,24,'Lecteur23@exemple.fr','lecteur23@exemple.fr','61d0ca5fe0ff75ac21187e652795f59c','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(25,1,25,'Lecteur24@exemple.fr','lecteur24@exemple.fr','0624bc5e8333df35138b0d7eed251206','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(26,1,26,'Lecteur25@exemple.fr','lecteur25@exemple.fr','99dc500ae200327fea43422f10a924d3','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(27,1,27,'Lecteur26@exemple.fr','lecteur26@exemple.fr','0c6a762e29497f03761ff44e4562fc85','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(28,1,28,'Lecteur27@exemple.fr','lecteur27@exemple.fr','0e1b2c72212978a1aa8225f08f9252ad','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(29,1,29,'Lecteur28@exemple.fr','lecteur28@exemple.fr','1d4e33dd4fa937729391407ce59b2927','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(30,1,30,'Lecteur29@exemple.fr','lecteur29@exemple.fr','eb356608886e8e28b795a3de6f32b0d9','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(31,1,31,'Lecteur30@exemple.fr','lecteur30@exemple.fr','90abce5db7058d66dcab8646a34537b1','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(32,1,32,'Lecteur31@exemple.fr','lecteur31@exemple.fr','f5d8b27a2d1163ea88db663af14699e8','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(33,1,33,'Lecteur32@exemple.fr','lecteur32@exemple.fr','d3d04bea402938a7aee03c8200250cbc','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(34,1,34,'Lecteur33@exemple.fr','lecteur33@exemple.fr','931cecfe8b3d0dd246933058de44d45b','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(35,1,35,'Lecteur34@exemple.fr','lecteur34@exemple.fr','00933e6b84edc083e69570705b6ac7f2','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(36,1,36,'Lecteur35@exemple.fr','lecteur35@exemple.fr','ae47f4ba0477240af545e02ca2ef222c','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(37,1,37,'Lecteur36@exemple.fr','lecteur36@exemple.fr','2577ab5be4a192abcde35381b8309f8a','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(38,1,38,'Lecteur37@exemple.fr','lecteur37@exemple.fr','c705a4239a07fef8503b9435a0ae5adc','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(39,1,39,'Lecteur38@exemple.fr','lecteur38@exemple.fr','ea19b35fcfd2bf48d3534eabcea8b87e','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(40,1,40,'Lecteur39@exemple.fr','lecteur39@exemple.fr','a190c68ea30fdd22ed1bad5f00ee7f93','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(41,1,41,'Lecteur40@exemple.fr','lecteur40@exemple.fr','ede52fa6de7a6ca3fc2c8abe734acdb7','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(42,1,42,'Lecteur41@exemple.fr','lecteur41@exemple.fr','f91ad06aa993af9c2e0e7ab2c3882b6d','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(43,1,43,'Lecteur42@exemple.fr','lecteur42@exemple.fr','07dafd3e2ae1b3aa89d1590e35c1fcc0','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(44,1,44,'Lecteur43@exemple.fr','lecteur43@exemple.fr','d7f435f97594d528dec3b0c23824d85a','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(45,1,45,'Lecteur44@exemple.fr','lecteur44@exemple.fr','7fd897dc1823eacbac1ee6698fec045b','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(46,1,46,'Lecteur45@exemple.fr','lecteur45@exemple.fr','740bc6542595f329921fdc521d297bec','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(47,1,47,'Lecteur46@exemple.fr','lecteur46@exemple.fr','be23a062c2cc412b1e0ccf29096314e4','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(48,1,48,'Lecteur47@exemple.fr','lecteur47@exemple.fr','9fdb2653eefa51844ec9342be4cc77d1','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(49,1,49,'Lecteur48@exemple.fr','lecteur48@exemple.fr','f37eaa5c7fb45491eeb1783f1a6606bc','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(50,1,50,'Lecteur49@exemple.fr','lecteur49@exemple.fr','32e28d80a3793fd60b87ffcebbb372d8','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(51,1,51,'Lecteur50@exemple.fr','lecteur50@exemple.fr','11f71682dfea50fa3f5a4f7eeb7d3f0f','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(52,1,52,'Lecteur51@exemple.fr','lecteur51@exemple.fr','903715adc719664028848c1c3694026b','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(53,1,53,'Lecteur52@exemple.fr','lecteur52@exemple.fr','3bb4437c7e5610254e7f2c10fdd75993','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(54,1,54,'Lecteur53@exemple.fr','lecteur53@exemple.fr','6a4e95e5b0dd57ad04b3b7fc160ece98','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(55,1,55,'Lecteur54@exemple.fr','lecteur54@exemple.fr','339e3a41ce2c499fd795bca86d5d8f57','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(56,1,56,'Lecteur55@exemple.fr','lecteur55@exemple.fr','efc4641c7cdbc09cecb8f25ef2cf5cb7','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(57,1,57,'Lecteur56@exemple.fr','lecteur56@exemple.fr','b72b0de0731233c593909ce0b62dc1c3','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(58,1,58,'Lecteur57@exemple.fr','lecteur57@exemple.fr','0164e0e04d27b7d6c6965e42261867a2','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(59,1,59,'Lecteur58@exemple.fr','lecteur58@exemple.fr','0a489c2535c53ca89730122076bb92bd','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(60,1,60,'Lecteur59@exemple.fr','lecteur59@exemple.fr','0f3ccc20d6d73e7d4dda37108c717805','submitted',1,'','2026-11-19 12:00:00.000000','2026-11-19 12:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 12:00:00.000000');
INSERT INTO "deliveries" VALUES(61,2,1,'Lecteur0@exemple.fr','lecteur0@exemple.fr','3c6a899d8615d2b6ca2ca4e16e4b4414','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(62,2,3,'Lecteur2@exemple.fr','lecteur2@exemple.fr','a4f807e98af035ed17ac896f59ae7508','failed',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','rcpt',550,'5.1.1','inconnu','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(63,2,4,'Lecteur3@exemple.fr','lecteur3@exemple.fr','ba92ce14cb0e48b205b391141a5f96d6','deferred',1,'','2026-11-19 14:05:00.000000','2026-11-19 14:05:00.000000','rcpt',451,'','plus tard','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(64,2,5,'Lecteur4@exemple.fr','lecteur4@exemple.fr','ecc6e7cc2e7ee29953989d4e11a573b5','uncertain',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','after-dot',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(65,2,6,'Lecteur5@exemple.fr','lecteur5@exemple.fr','1dd06477cf74edcafac66624bece5373','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(66,2,7,'Lecteur6@exemple.fr','lecteur6@exemple.fr','28dcf1493372de241d1ddd3c03efc70b','submitting',1,'w','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(67,2,8,'Lecteur7@exemple.fr','lecteur7@exemple.fr','8d9ac5f562c9925aacadba7c5fa4182a','submitting',1,'w','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(68,2,9,'Lecteur8@exemple.fr','lecteur8@exemple.fr','1858c5cda074bcfda4d346da96f221a7','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(69,2,10,'Lecteur9@exemple.fr','lecteur9@exemple.fr','db48cf0f05d4606ed3060c5e49853e6e','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(70,2,11,'Lecteur10@exemple.fr','lecteur10@exemple.fr','4210dee0739bd722360e5b3b39abdb8f','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(71,2,12,'Lecteur11@exemple.fr','lecteur11@exemple.fr','ff19f90757031b08ce9d0c36a42491d1','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(72,2,13,'Lecteur12@exemple.fr','lecteur12@exemple.fr','664617c99ee897b553e767fca629f4dc','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(73,2,14,'Lecteur13@exemple.fr','lecteur13@exemple.fr','4fa3aaa7e4afeeecad1e4031793cdb62','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(74,2,15,'Lecteur14@exemple.fr','lecteur14@exemple.fr','1dd37cb68e0c8a9b9dfd827d689dfe88','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(75,2,16,'Lecteur15@exemple.fr','lecteur15@exemple.fr','2f2140ce5e9d4d622d178d7dcb5abd15','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(76,2,17,'Lecteur16@exemple.fr','lecteur16@exemple.fr','d8436a2b073823b301b7169faa78c984','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(77,2,18,'Lecteur17@exemple.fr','lecteur17@exemple.fr','b04d739392ff9c0444859bc9a4789206','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(78,2,19,'Lecteur18@exemple.fr','lecteur18@exemple.fr','c9810170c392a48646bf0e89843c67bb','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(79,2,20,'Lecteur19@exemple.fr','lecteur19@exemple.fr','3d2645c94357fa2f584a676cb6ea091f','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(80,2,21,'Lecteur20@exemple.fr','lecteur20@exemple.fr','67d325a8b8b819db7a31be83fd865507','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(81,2,22,'Lecteur21@exemple.fr','lecteur21@exemple.fr','8bd751f9dfc2e9ba5e144ba043472d28','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(82,2,23,'Lecteur22@exemple.fr','lecteur22@exemple.fr','b4d9a388ebbf78cfe128b06a6b10f018','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(83,2,24,'Lecteur23@exemple.fr','lecteur23@exemple.fr','9ddb8e9b4b5850f1810e74e068b87e13','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(84,2,25,'Lecteur24@exemple.fr','lecteur24@exemple.fr','a105378f01e7778d1e5d1ea07a82476d','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(85,2,26,'Lecteur25@exemple.fr','lecteur25@exemple.fr','4c580205d332ad9278a523cd09a993c7','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(86,2,27,'Lecteur26@exemple.fr','lecteur26@exemple.fr','4d4b5676b706ee14203149a9a149e1bb','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(87,2,28,'Lecteur27@exemple.fr','lecteur27@exemple.fr','46d7bcfead16edf51fd22a6f8b19e214','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(88,2,29,'Lecteur28@exemple.fr','lecteur28@exemple.fr','ad275dbaa87c026b35f874e27c730059','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(89,2,30,'Lecteur29@exemple.fr','lecteur29@exemple.fr','7066a54a4850e102bc270b3216335745','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(90,2,31,'Lecteur30@exemple.fr','lecteur30@exemple.fr','ef571a47919db43ff83d2066c3e97f1c','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(91,2,32,'Lecteur31@exemple.fr','lecteur31@exemple.fr','c33bc6ca194f9d5c6bc74064042e3839','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(92,2,33,'Lecteur32@exemple.fr','lecteur32@exemple.fr','e87986c799647eff0ca81dc53718d4dd','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(93,2,34,'Lecteur33@exemple.fr','lecteur33@exemple.fr','6d90b28931b9c4fe0dc9a133d71a4fc8','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(94,2,35,'Lecteur34@exemple.fr','lecteur34@exemple.fr','bbea572d4a00cf3816aeaad5e65b7f70','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(95,2,36,'Lecteur35@exemple.fr','lecteur35@exemple.fr','33b541054b042032d7bafef40240fc29','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(96,2,37,'Lecteur36@exemple.fr','lecteur36@exemple.fr','717198a89d610589ed16e122e79c9a78','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(97,2,38,'Lecteur37@exemple.fr','lecteur37@exemple.fr','26023eabbba243b2f885a9a3937aaf90','submitted',1,'','2026-11-19 14:00:00.000000','2026-11-19 14:15:00.000000','done',250,'','2.0.0 ok','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(98,2,39,'Lecteur38@exemple.fr','lecteur38@exemple.fr','082a7feefd4e2a48b295363948b2b519','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(99,2,40,'Lecteur39@exemple.fr','lecteur39@exemple.fr','b332bfcca58cca06cdaee7518664a0fa','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(100,2,41,'Lecteur40@exemple.fr','lecteur40@exemple.fr','cce7646398171305992632c3d393e1c0','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(101,2,42,'Lecteur41@exemple.fr','lecteur41@exemple.fr','39dee61d98145a2f69711c4334404d8c','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(102,2,43,'Lecteur42@exemple.fr','lecteur42@exemple.fr','5fe672731135bf0804d0a2ccd76e90d2','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(103,2,44,'Lecteur43@exemple.fr','lecteur43@exemple.fr','837e8e4b539841ab8ed51a35eeb86dbd','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(104,2,45,'Lecteur44@exemple.fr','lecteur44@exemple.fr','417f64b38066de3bbefdd4897f2a44df','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(105,2,46,'Lecteur45@exemple.fr','lecteur45@exemple.fr','7633dd3e51307374ca66d674fcc15dd7','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(106,2,47,'Lecteur46@exemple.fr','lecteur46@exemple.fr','0a7041450c12368844ac220750da83dd','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(107,2,48,'Lecteur47@exemple.fr','lecteur47@exemple.fr','6acb74b3d82c641f9c72fdc553eb33c3','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(108,2,49,'Lecteur48@exemple.fr','lecteur48@exemple.fr','3e07d8913294f3150f2591f42686525d','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(109,2,50,'Lecteur49@exemple.fr','lecteur49@exemple.fr','2eb76f5e675c4798e13ad33db56c7efb','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(110,2,51,'Lecteur50@exemple.fr','lecteur50@exemple.fr','c9af327fe78e91f12d8e6d850adc4943','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(111,2,52,'Lecteur51@exemple.fr','lecteur51@exemple.fr','e5099468fda5275bdcaf076a11ca511f','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(112,2,53,'Lecteur52@exemple.fr','lecteur52@exemple.fr','1b4b5044b8c5c8156d0805e3e8318f7e','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(113,2,54,'Lecteur53@exemple.fr','lecteur53@exemple.fr','9b702c03985ff0ce5e365266534f03e8','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(114,2,55,'Lecteur54@exemple.fr','lecteur54@exemple.fr','77e61265a8b7f33ae65d82a84d1710ae','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(115,2,56,'Lecteur55@exemple.fr','lecteur55@exemple.fr','77c59f53d38e5b5b9ac756517dd0b768','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(116,2,57,'Lecteur56@exemple.fr','lecteur56@exemple.fr','c0e0cad2b7de894a5684f9497a416a4c','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(117,2,58,'Lecteur57@exemple.fr','lecteur57@exemple.fr','6c2b21bdee3129a67778a5cdbcdbf3db','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(118,2,59,'Lecteur58@exemple.fr','lecteur58@exemple.fr','2610283c8d2a3ab3fb36bfcd0a6ae81f','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
INSERT INTO "deliveries" VALUES(119,2,60,'Lecteur59@exemple.fr','lecteur59@exemple.fr','eaabd74280d82c1fda2f90433835a5d0','pending',0,'','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','',0,'','','2026-11-19 14:00:00.000000');
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
	concluded_at DATETIME, 
	CONSTRAINT pk_mailings PRIMARY KEY (id), 
	CONSTRAINT uq_mailings_series_local_date UNIQUE (series, local_date)
);
INSERT INTO "mailings" VALUES(1,'2026-11-12-puces','finished','','','2026-11-19 12:00:00.000000',NULL,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',NULL,NULL,NULL,'[]',NULL,NULL,60,'exemple.fr','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000','2026-11-19 13:00:00.000000','2026-11-19 13:00:00.000000');
INSERT INTO "mailings" VALUES(2,'2026-11-19-moulin','running','','','2026-11-19 14:00:00.000000',NULL,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',NULL,NULL,NULL,'[]',NULL,NULL,59,'exemple.fr','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000','2026-11-19 14:00:00.000000',NULL,NULL);
INSERT INTO "mailings" VALUES(3,'2026-11-26-phare','scheduled','','','2026-11-26 12:00:00.000000',NULL,'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',60,50,70,'[]','hebdo','2026-11-26',NULL,'','2026-11-19 12:00:00.000000',NULL,NULL,NULL,NULL);
CREATE TABLE notices (
	id INTEGER NOT NULL, 
	mailing_id INTEGER, 
	kind VARCHAR(32) NOT NULL, 
	words TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	told_at DATETIME, 
	CONSTRAINT pk_notices PRIMARY KEY (id), 
	CONSTRAINT fk_notices_mailing_id FOREIGN KEY(mailing_id) REFERENCES mailings (id)
);
INSERT INTO "notices" VALUES(1,1,'finished','terminé','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000');
INSERT INTO "notices" VALUES(2,NULL,'transport','le serveur d’envoi ne répond plus','2026-11-19 12:00:00.000000',NULL);
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
INSERT INTO "subscribers" VALUES(1,'Lecteur0@exemple.fr','lecteur0@exemple.fr','Zoé ’0’','active','FXVvY07xgexLEmwhEzubdQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(2,'Lecteur1@exemple.fr','lecteur1@exemple.fr','Zoé ’1’','active','FrE2zQZpFi35yAnuV9mHvw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(3,'Lecteur2@exemple.fr','lecteur2@exemple.fr','Zoé ’2’','active','zL91tM-Oa3xfhNubPirbdA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(4,'Lecteur3@exemple.fr','lecteur3@exemple.fr','Zoé ’3’','active','-bnk5v45sMGq-CikptZA9w','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(5,'Lecteur4@exemple.fr','lecteur4@exemple.fr','Zoé ’4’','active','hUlh45mcamgbcAlTNKwURA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(6,'Lecteur5@exemple.fr','lecteur5@exemple.fr','Zoé ’5’','active','U8ZFhsDna21o5_t3h2YMKg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(7,'Lecteur6@exemple.fr','lecteur6@exemple.fr','Zoé ’6’','active','0Dleyinu1Z6HkcZKRXF4Hw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(8,'Lecteur7@exemple.fr','lecteur7@exemple.fr','Zoé ’7’','active','0CYAjY3V2iFfoIERKrS3_A','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(9,'Lecteur8@exemple.fr','lecteur8@exemple.fr','Zoé ’8’','active','b2yrTuEXizwtqTHOp9HiXQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(10,'Lecteur9@exemple.fr','lecteur9@exemple.fr','Zoé ’9’','active','PdTkEOTDINX5N5h_4mIk-A','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(11,'Lecteur10@exemple.fr','lecteur10@exemple.fr','Zoé ’10’','active','fh4o86HPofhPiR04SjKRjw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(12,'Lecteur11@exemple.fr','lecteur11@exemple.fr','Zoé ’11’','active','lq3DdGUhswUKsmrp0WEzjw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(13,'Lecteur12@exemple.fr','lecteur12@exemple.fr','Zoé ’12’','active','fcHlyOK8nEJhvL6inujsFQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(14,'Lecteur13@exemple.fr','lecteur13@exemple.fr','Zoé ’13’','active','xDuI60wa-_wtSziaciLxjg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(15,'Lecteur14@exemple.fr','lecteur14@exemple.fr','Zoé ’14’','active','qNxrXBPiI9eolspXbzux_w','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(16,'Lecteur15@exemple.fr','lecteur15@exemple.fr','Zoé ’15’','active','s5CZF07YLMYOD4OXeworMg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(17,'Lecteur16@exemple.fr','lecteur16@exemple.fr','Zoé ’16’','active','GWF0F1xHjuvwMSzrBotHiw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(18,'Lecteur17@exemple.fr','lecteur17@exemple.fr','Zoé ’17’','active','00TG5NPH9pqji3eRJWw6TQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(19,'Lecteur18@exemple.fr','lecteur18@exemple.fr','Zoé ’18’','active','INzCKJ5YK7YCECDuHcipJw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(20,'Lecteur19@exemple.fr','lecteur19@exemple.fr','Zoé ’19’','active','mxuZVexT6b1gMChtZVFKAw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(21,'Lecteur20@exemple.fr','lecteur20@exemple.fr','Zoé ’20’','active','YHOxAaFAhiFsL-VqHm6WcA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(22,'Lecteur21@exemple.fr','lecteur21@exemple.fr','Zoé ’21’','active','bFXKLuDBPiRcaaj-JyCFVQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(23,'Lecteur22@exemple.fr','lecteur22@exemple.fr','Zoé ’22’','active','JOE-yl4GnM5xyHl8nkO8Yw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(24,'Lecteur23@exemple.fr','lecteur23@exemple.fr','Zoé ’23’','active','MB5OJXU56qopTeafpO3IPw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(25,'Lecteur24@exemple.fr','lecteur24@exemple.fr','Zoé ’24’','active','nVb7aNiCV8Q8d2anNnlzTg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(26,'Lecteur25@exemple.fr','lecteur25@exemple.fr','Zoé ’25’','active','ofl6o1NzN5ihjDQMfk9LNg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(27,'Lecteur26@exemple.fr','lecteur26@exemple.fr','Zoé ’26’','active','x-OzMq4p3Ay51rf1iu2gHg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(28,'Lecteur27@exemple.fr','lecteur27@exemple.fr','Zoé ’27’','active','c7pLTe8QynWboKZoBizwGA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(29,'Lecteur28@exemple.fr','lecteur28@exemple.fr','Zoé ’28’','active','WnXlns9mBtNM_uk1c7tgYQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(30,'Lecteur29@exemple.fr','lecteur29@exemple.fr','Zoé ’29’','active','Al0kJRTiHza01KPGnw1caA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(31,'Lecteur30@exemple.fr','lecteur30@exemple.fr','Zoé ’30’','active','ikcMcno_0jKq4H1KbYfPOg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(32,'Lecteur31@exemple.fr','lecteur31@exemple.fr','Zoé ’31’','active','ZxqOWR3S_xHpMGgdz4eZNA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(33,'Lecteur32@exemple.fr','lecteur32@exemple.fr','Zoé ’32’','active','XAfD6fR0SWQjCFkdV_NPxg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(34,'Lecteur33@exemple.fr','lecteur33@exemple.fr','Zoé ’33’','active','9_tPnRYyuxfYFOyV_Hko4Q','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(35,'Lecteur34@exemple.fr','lecteur34@exemple.fr','Zoé ’34’','active','c0sFM7RutlqQbcmZfCIlqQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(36,'Lecteur35@exemple.fr','lecteur35@exemple.fr','Zoé ’35’','active','C0YTN25b0jb4Qlyy8wlWWg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(37,'Lecteur36@exemple.fr','lecteur36@exemple.fr','Zoé ’36’','active','OIJnmk9HdSPyoIZFIsM52A','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(38,'Lecteur37@exemple.fr','lecteur37@exemple.fr','Zoé ’37’','active','EPfNehAWMScRhsOGgmWHUA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(39,'Lecteur38@exemple.fr','lecteur38@exemple.fr','Zoé ’38’','active','VjXAsHqWI9Wy18GTGCI49Q','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(40,'Lecteur39@exemple.fr','lecteur39@exemple.fr','Zoé ’39’','active','wY5cZ7bdDTzyz7_5s6msoA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(41,'Lecteur40@exemple.fr','lecteur40@exemple.fr','Zoé ’40’','active','O6sz1LZEKiJhBFT6mU-phg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(42,'Lecteur41@exemple.fr','lecteur41@exemple.fr','Zoé ’41’','active','h7Jqhmf_6DsZVOAUfIM2Hg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(43,'Lecteur42@exemple.fr','lecteur42@exemple.fr','Zoé ’42’','active','MPqLkZhjFtWyy3HMYt5fRw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(44,'Lecteur43@exemple.fr','lecteur43@exemple.fr','Zoé ’43’','active','zqQx_HKIP5g0UayzFA3HMg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(45,'Lecteur44@exemple.fr','lecteur44@exemple.fr','Zoé ’44’','active','qwi9jzR2XpKh24zTk7w7Fg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(46,'Lecteur45@exemple.fr','lecteur45@exemple.fr','Zoé ’45’','active','vu_AmoZCFnvr-LaTGJgkzQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(47,'Lecteur46@exemple.fr','lecteur46@exemple.fr','Zoé ’46’','active','kL7sMCFEE__idQqEjmBJqg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(48,'Lecteur47@exemple.fr','lecteur47@exemple.fr','Zoé ’47’','active','xuIOECW0s7jW-nCz9lSPWg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(49,'Lecteur48@exemple.fr','lecteur48@exemple.fr','Zoé ’48’','active','o1RVtjeLhHF7R_De3-0q_g','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(50,'Lecteur49@exemple.fr','lecteur49@exemple.fr','Zoé ’49’','active','fI30LRdennvVpzZYkbRBEA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(51,'Lecteur50@exemple.fr','lecteur50@exemple.fr','Zoé ’50’','active','mw9JW_PoN4b-DJVv08Be5g','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(52,'Lecteur51@exemple.fr','lecteur51@exemple.fr','Zoé ’51’','active','Dazov_Uq1SMlshvHUAKvsg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(53,'Lecteur52@exemple.fr','lecteur52@exemple.fr','Zoé ’52’','active','3QsYIb8KKW55Gu0fF1mJvg','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(54,'Lecteur53@exemple.fr','lecteur53@exemple.fr','Zoé ’53’','active','vKInhsD1udMigDBjRk7CmQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(55,'Lecteur54@exemple.fr','lecteur54@exemple.fr','Zoé ’54’','active','kj-bF_TCo1HtRBtq-kNs0Q','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(56,'Lecteur55@exemple.fr','lecteur55@exemple.fr','Zoé ’55’','active','Ezrk2efvrahvNs2aDGuwtw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(57,'Lecteur56@exemple.fr','lecteur56@exemple.fr','Zoé ’56’','active','rLgfkWduF9HAo93mww0aXw','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(58,'Lecteur57@exemple.fr','lecteur57@exemple.fr','Zoé ’57’','active','Ym-yN0U0yzM3Fwb6zdKPxQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(59,'Lecteur58@exemple.fr','lecteur58@exemple.fr','Zoé ’58’','active','QDRGsjvc-MZ7WkJD6wVPgQ','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
INSERT INTO "subscribers" VALUES(60,'Lecteur59@exemple.fr','lecteur59@exemple.fr','Zoé ’59’','active','3X9GLUNcSlbXi_lGuIXRKA','formulaire','2026-03-03','[["ville", "Nantes"]]','2026-11-19 12:00:00.000000',NULL,'');
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
COMMIT;
