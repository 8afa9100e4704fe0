-- CreateEnum
CREATE TYPE "AnswerStyle" AS ENUM ('documented', 'z_api', 'unauthorized');

-- AlterTable
ALTER TABLE "Instance" ADD COLUMN     "answerStyle" "AnswerStyle" NOT NULL DEFAULT 'documented';

-- AlterTable
ALTER TABLE "Service" ADD COLUMN     "answerStyle" "AnswerStyle" NOT NULL DEFAULT 'documented';
