-- AlterEnum
ALTER TYPE "MailLinkPurpose" ADD VALUE 'change_address';
